// What a submission names beyond itself: its files, materials of earlier cases, a slot of a book of ours. Of one that
// has faults, what can be read is looked up all the same, so that everything is told at once.

import type { CanonicalSubmission } from '../../schemas/types.ts'
import type { TakenSlot, Taker } from '../appointments/bookings.ts'
import type { Plan } from '../domain/plan.ts'
import { dayInChina } from '../domain/present.ts'
import type { File } from '../domain/submission.ts'
import { allOf, type FieldError, noFaults } from '../http/field-error.ts'
import { stored } from '../http/ledger-away.ts'
import { readReusable } from '../ledger/reusable.ts'
import { readUploads } from '../ledger/uploads.ts'
import type { Client } from '../settings/settings.ts'
import type { Incoming, IntakeDeps } from './accept.ts'
import type { CheckedSubmission, Readable } from './check-submission.ts'
import { resolveFiles, uploadIds } from './files.ts'
import { holderHash } from './holder-hash.ts'
import { resolveShared, type SharedMaterials, sharedIds } from './shared-materials.ts'

type Deps = Pick<IntakeDeps, 'ledger' | 'settings' | 'bookings'>
type Sender = Pick<Incoming, 'parts' | 'refused' | 'client'>

interface Named {
  files: Map<string, File[]>
  shared: SharedMaterials
  /** It names a slot of a book of ours. */
  ownSlot: boolean
  errors: readonly FieldError[]
}

interface Asked {
  submission: CanonicalSubmission
  whole: Readable['whole']
  plan: Plan
}

/** What is named, and what is wrong with it; nothing at all where no plan says what is asked for. */
export async function lookUp(deps: Deps, checked: CheckedSubmission, sender: Sender): Promise<Named> {
  const asked = askedBy(checked)
  if (asked === null) return { files: new Map(), shared: new Map(), ownSlot: false, errors: noFaults }
  const { submission, whole, plan } = asked
  // Most name nothing that has to be asked for, and wait for nothing.
  const ids = whole('materials') ? uploadIds(submission.materials) : noIds
  const uploads = ids.length === 0 ? new Map() : await stored(readUploads(deps.ledger.readers, ids))
  const { files, errors } = whole('materials')
    ? resolveFiles(submission, plan, { ...sender, uploads, client: sender.client.id })
    : noFiles
  const reused = whole('materials', 'applicant') ? sharedIds(submission) : noIds
  const { shared, errors: misused } =
    reused.length === 0 ? nothingShared : await sharedOf(deps, asked, reused, sender.client)
  const looked = lookAtSlot(deps, asked, sender.client)
  const slot = looked ? await looked : null
  const unfree = slot !== null && 'code' in slot ? [atSlot(slot)] : noFaults
  return { files, shared, ownSlot: slot !== null, errors: allOf([errors, misused, unfree]) }
}

function askedBy(checked: CheckedSubmission): Asked | null {
  if (checked.submission !== undefined)
    return { submission: checked.submission, whole: everything, plan: checked.plan }
  const { plan, readable } = checked
  return plan && readable ? { ...readable, plan } : null
}

const everything = (): boolean => true
const noIds: string[] = []
const noFiles: ReturnType<typeof resolveFiles> = { files: new Map(), errors: [] }
const nothingShared: ReturnType<typeof resolveShared> = { shared: new Map(), errors: [] }

async function sharedOf(
  { ledger, settings }: Deps,
  { submission, plan }: Asked,
  ids: string[],
  client: Client,
): Promise<ReturnType<typeof resolveShared>> {
  const offered = await stored(readReusable(ledger.readers, ids))
  const holder = holderHash(settings.keys.holders, submission.applicant)
  return resolveShared(submission, plan, offered, { client, holder, today: dayInChina(ledger.now()) })
}

/** The slot that it names, or what is wrong with it; null at once for none, and for one of somebody else's book. */
function lookAtSlot(
  { bookings }: Deps,
  { submission, whole, plan }: Asked,
  client: Client,
): Promise<TakenSlot | FieldError | null> | null {
  if (!whole('appointment', 'externalId') || !submission.appointment) return null
  const { slot } = submission.appointment
  return bookings.keeps(slot) ? stored(bookings.look(slot, takerOf(submission, plan, client))) : null
}

export const atSlot = (fault: FieldError): FieldError => ({ ...fault, pointer: '/appointment/slot' })

export const takerOf = ({ externalId }: CanonicalSubmission, { cases }: Plan, client: Client): Taker => ({
  platform: client.platform ?? '',
  client: client.id,
  externalId,
  matters: cases.filter(({ mode }) => mode === 'appointment').map(({ matter }) => matter),
})
