// Materials that their holders may use again (一次提交反复使用): written with the event that makes them so, found by a keyed
// hash of the holder. Nothing here knows who that is.

import type { Certificate, Reusable, ReusableTrust, WindowCheck } from '../domain/proofs.ts'
import type { File, Material, Submission } from '../domain/submission.ts'
import type { Client, Pool } from './database.ts'
import { statements } from './statements.ts'

export interface ReusableMaterial {
  id: string
  holder: string
  /** Code of the material. */
  material: string
  platform: string
  /** Where it was submitted. */
  division: string
  submissionId: string
  caseId: string
  matter: string
  decidedAt: Date
  /** yyyy-MM-dd */
  expiresOn: string
  trust: ReusableTrust
  data: ReusableData
}

interface ReusableData {
  name: string
  files: File[]
  certificate?: Certificate
  registry?: string
  checked?: WindowCheck
}

export function reusableRow(one: Material, reusable: Reusable, submission: Submission): object {
  const { code, name, files, source, certificate, registry, checked } = one
  const proof = source === 'certificate' ? { certificate, registry } : {}
  return {
    id: reusable.id,
    holder: submission.holder,
    material: code,
    platform: submission.platform,
    division: submission.division,
    submission_id: submission.id,
    case_id: reusable.caseId,
    matter: reusable.matter,
    decided_at: reusable.decidedAt,
    expires_on: reusable.expiresOn,
    trust: reusable.trust,
    data: { name, files, ...proof, ...(checked ? { checked } : {}) },
  }
}

/** Within the transaction of the event. */
export async function offerAgain(client: Client, rows: readonly object[]): Promise<void> {
  await client.query({ ...statements.offerAgain, values: [JSON.stringify(rows)] })
}

const columns = `select id, holder, material, platform, division, submission_id as "submissionId", case_id as "caseId", matter,
  decided_at as "decidedAt", expires_on::text as "expiresOn", trust, data from reusable_materials`
const MOST = 500

/** What the holder may use again today in China, the latest first. */
export async function reusableOf(
  readers: Pool,
  holder: string,
  platform: string,
): Promise<ReusableMaterial[]> {
  const { rows } = await readers.query<ReusableMaterial>({
    name: 'reusable-of',
    text: `${columns} where holder = $1 and platform = $2 and expires_on >= (now() at time zone 'Asia/Shanghai')::date
           order by decided_at desc, id desc limit ${MOST}`,
    values: [holder, platform],
  })
  return rows
}

/** By id, whoever holds them. */
export async function readReusable(
  readers: Pool,
  ids: readonly string[],
): Promise<Map<string, ReusableMaterial>> {
  if (ids.length === 0) return new Map()
  const { rows } = await readers.query<ReusableMaterial>({
    name: 'reusable',
    text: `${columns} where id = any ($1)`,
    values: [ids],
  })
  return new Map(rows.map((row) => [row.id, row]))
}

/** Forgets what may not be used any more; resolves with how many. */
export async function dropExpired(writers: Pool): Promise<number> {
  const { rowCount } = await writers.query({
    name: 'reusable-expired',
    text: `delete from reusable_materials where expires_on < (now() at time zone 'Asia/Shanghai')::date`,
  })
  return rowCount ?? 0
}
