// Materials taken from an earlier case (一次提交反复使用): whether each exists, is this holder's, is the same material and may
// still be used.

import type { CanonicalSubmission } from '../../schemas/types.ts'
import { dayAfter, dayOf } from '../domain/calendar.ts'
import type { MatterMaterial } from '../domain/catalogue.ts'
import type { Plan } from '../domain/plan.ts'
import type { FaultCode } from '../http/fault-codes.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import type { ReusableMaterial } from '../ledger/reusable.ts'
import { mayActFor } from '../security/clients.ts'
import type { Client } from '../settings/settings.ts'

export type SharedMaterials = ReadonlyMap<string, ReusableMaterial>

interface SharingCaller {
  client: Client
  /** Of the applicant. */
  holder: string
  /** yyyy-MM-dd in China. */
  today: string
}

/** Every earlier material that the submission names. */
export function sharedIds({ materials = [] }: CanonicalSubmission): string[] {
  return materials.flatMap(({ from }) => (from ? [from] : []))
}

/** By material code, and what is wrong with them. */
export function resolveShared(
  { materials = [] }: CanonicalSubmission,
  plan: Plan,
  offered: ReadonlyMap<string, ReusableMaterial>,
  caller: SharingCaller,
): { shared: Map<string, ReusableMaterial>; errors: FieldError[] } {
  const shared = new Map<string, ReusableMaterial>()
  const errors: FieldError[] = []
  for (const [i, { code, from }] of materials.entries()) {
    if (from === undefined) continue
    const found = offered.get(from)
    const wanted = plan.materials.find((one) => one.code === code)
    const wrong = faultOf(found, code, wanted, caller)
    if (wrong) errors.push(fieldError(`/materials/${i}/from`, ...wrong))
    else if (found) shared.set(code, found)
  }
  return { shared, errors }
}

type Fault = [code: FaultCode, message: string, messageZh: string]

function faultOf(
  found: ReusableMaterial | undefined,
  code: string,
  wanted: Pick<MatterMaterial, 'reusableFor'> | undefined,
  { client, holder, today }: SharingCaller,
): Fault | undefined {
  if (!found || !isSeenBy(client, found))
    return ['unknown-reusable', 'there is no such material to be used again', '没有可再次使用的该材料']
  if (found.holder !== holder)
    return ['reusable-other-holder', 'it is not the material of this applicant', '该材料不属于本申请人']
  if (found.material !== code)
    return [
      'reusable-other-material',
      `it is ${found.material}, not ${code}`,
      `该材料为 ${found.material}，不是 ${code}`,
    ]
  const last = lastDayOf(found, wanted)
  if (last === undefined || last >= today) return undefined
  return ['reusable-expired', `it could be used until ${last}`, `该材料的可用期限为 ${last}，已过期`]
}

/** What belongs to another platform, or to divisions that the client may not act for, is not there for it. */
export function isSeenBy(client: Client, { platform, division }: ReusableMaterial): boolean {
  return platform === client.platform && mayActFor(client, division)
}

/** As it was promised, or sooner where the catalogue has become stricter; undefined where the catalogue does not say. */
export function lastDayOf(
  { decidedAt, expiresOn }: Pick<ReusableMaterial, 'decidedAt' | 'expiresOn'>,
  wanted: Pick<MatterMaterial, 'reusableFor'> | undefined,
): string | undefined {
  if (!wanted?.reusableFor) return undefined
  const last = dayAfter(dayOf(decidedAt.toISOString()), wanted.reusableFor.days)
  return last < expiresOn ? last : expiresOn
}
