// The one way in for a submission, whatever form it came in: check, find its files, record, answer. Nothing is
// stored before every check has passed, and nothing is answered before everything is stored.

import { hash } from 'node:crypto'
import type { CanonicalSubmission } from '../../schemas/types.ts'
import type { Bookings, TakenSlot, Taker } from '../appointments/bookings.ts'
import type { Catalogues } from '../catalogue/in-force.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import type { Plan } from '../domain/plan.ts'
import { dayInChina } from '../domain/present.ts'
import type { File } from '../domain/submission.ts'
import { type FieldError, noFaults } from '../http/field-error.ts'
import { stored } from '../http/ledger-away.ts'
import { away, isProblem, problem } from '../http/problems.ts'
import { newId } from '../identifiers.ts'
import type { Message, Recorded } from '../ledger/changes.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { readReusable } from '../ledger/reusable.ts'
import { readUploads } from '../ledger/uploads.ts'
import type { Client, Settings } from '../settings/settings.ts'
import { type CheckedSubmission, checkSubmission, submissionProblem } from './check-submission.ts'
import { resolveFiles, uploadIds } from './files.ts'
import { holderHash } from './holder-hash.ts'
import { normaliseSubmission } from './normalise/index.ts'
import type { SubmissionFacts, SubmissionObserver } from './observing.ts'
import { documentOf, receivedEvent } from './received.ts'
import { type Earlier, promise, readEarlier } from './redo.ts'
import { resolveShared, type SharedMaterials, sharedIds } from './shared-materials.ts'

export interface IntakeDeps {
  ledger: Ledger
  settings: Omit<Settings, 'catalogue'>
  catalogues: Pick<Catalogues, 'inForce' | 'pinned'>
  observer: SubmissionObserver
  /** Of slots, whoever keeps the book. */
  bookings: Pick<Bookings, 'keeps' | 'look' | 'take'>
}

export interface Incoming {
  /** As sent, decoded but not normalised. */
  raw: unknown
  /** Exactly as received. */
  body: Buffer
  /** The body once more, where it was read as text of the same bytes. */
  text?: string
  mediaType: string
  parts: ReadonlyMap<string, File>
  client: Client
  platform: string
  idempotencyKey: string
}

export interface Accepted {
  answer: Record<string, unknown>
  replayed: boolean
  facts: Omit<SubmissionFacts, 'client' | 'platform' | 'ms'>
}

/** @throws problem with every fault found; `unavailable` when it cannot be stored now. */
export async function accept(deps: IntakeDeps, incoming: Incoming): Promise<Accepted> {
  if (!deps.ledger.presence.answers()) throw away()
  const { settings, ledger } = deps
  const sha256 = bodyHash(incoming)
  const message = {
    source: `client:${incoming.client.id}`,
    key: incoming.idempotencyKey,
    sha256,
    mediaType: incoming.mediaType,
    body: incoming.body,
    ...(incoming.text === undefined ? {} : { text: incoming.text }),
  }
  let passed: Checked
  try {
    passed = await check(deps, incoming)
  } catch (refusal) {
    return repeated(ledger, message, refusal)
  }
  const { checked, files, shared, catalogue, ownSlot } = passed
  const input = {
    submissionId: checked.redo ? await promised(ledger, passed, incoming.platform) : newId('sub'),
    submission: ownSlot ? await withSlot(deps, checked, incoming.client) : checked.submission,
    plan: checked.plan,
    files,
    shared,
    holderKey: settings.keys.holders,
    platform: incoming.platform,
    client: incoming.client,
    catalogue,
    halls: settings.halls,
    city: settings.city,
    now: ledger.now(),
    ...(checked.redo ? { redo: checked.redo } : {}),
  }
  const recorded = await stored(
    ledger.record({
      submissionId: input.submissionId,
      event: receivedEvent(input),
      document: documentOf(input),
      message,
    }),
  )
  return answerTo(recorded, passed)
}

/** Of a redo, the id that the earlier submission was told of. */
async function promised(ledger: Ledger, { checked, earlier }: Checked, platform: string): Promise<string> {
  if (!earlier) return newId('sub')
  const { externalId } = checked.submission
  const matters = checked.plan.cases.map(({ matter }) => matter)
  return stored(promise(ledger, earlier, { platform, externalId, matters }))
}

/** What was accepted once stays accepted, though today's catalogue might refuse it; what took its key is not this. */
async function repeated(ledger: Ledger, message: Message, refusal: unknown): Promise<Accepted> {
  const answer = isProblem(refusal) ? await stored(ledger.answered(message)) : null
  if (answer === null) throw refusal
  if (answer === 'other') throw conflict()
  const { submissionId } = answer
  const known = typeof submissionId === 'string' ? { submission: submissionId } : {}
  return { answer, replayed: true, facts: { outcome: 'replayed', ...known } }
}

function answerTo(recorded: Recorded, { checked, files }: Checked): Accepted {
  if (recorded.outcome === 'conflict') throw conflict()
  const { submission, plan } = checked
  const replayed = recorded.outcome === 'replayed'
  return {
    answer: recorded.answer ?? {},
    replayed,
    facts: {
      outcome: replayed ? 'replayed' : 'accepted',
      submission: recorded.submissionId,
      theme: submission.theme,
      mode: submission.mode,
      cases: plan.cases.length,
      materials: submission.materials?.length ?? 0,
      files: [...files.values()].reduce((sum, list) => sum + list.length, 0),
    },
  }
}

const conflict = (): Error =>
  problem('idempotency-conflict', {
    detail: 'this Idempotency-Key, or this externalId, was used before with another body',
    detailZh: '该 Idempotency-Key 或 externalId 已用于另一份内容',
  })

/** With the slot of a hall's book taken, if it names one; from now on it is known by its id and time. */
async function withSlot(
  { bookings }: IntakeDeps,
  { submission, plan }: Passed,
  client: Client,
): Promise<CanonicalSubmission> {
  const { appointment } = submission
  if (!appointment) return submission
  const slot = await stored(bookings.take(appointment.slot, takerOf(submission, plan, client)))
  if (slot === null) return submission
  if ('code' in slot) throw submissionProblem([atSlot(slot)])
  return { ...submission, appointment: { ...appointment, slot: slot.id, at: slot.from } }
}

const takerOf = ({ externalId }: CanonicalSubmission, { cases }: Plan, client: Client): Taker => ({
  platform: client.platform ?? '',
  client: client.id,
  externalId,
  matters: cases.filter(({ mode }) => mode === 'appointment').map(({ matter }) => matter),
})

const atSlot = (fault: FieldError): FieldError => ({ ...fault, pointer: '/appointment/slot' })

/** The slot that it names, or what is wrong with it; null at once for none, and for one of somebody else's book. */
const lookAtSlot = (
  { bookings }: Pick<IntakeDeps, 'bookings'>,
  { submission, plan }: Passed,
  client: Client,
): Promise<TakenSlot | FieldError | null> | null =>
  submission.appointment && bookings.keeps(submission.appointment.slot)
    ? stored(bookings.look(submission.appointment.slot, takerOf(submission, plan, client)))
    : null

type Passed = Extract<CheckedSubmission, { errors: readonly [] }>

interface Checked {
  checked: Passed
  files: Map<string, File[]>
  shared: SharedMaterials
  /** In force now: the submission's from then on. */
  catalogue: Catalogue
  /** What it redoes. */
  earlier?: Earlier
  /** It names a slot of a book of ours. */
  ownSlot: boolean
}

/** Everything that would be refused, at once; stores nothing. */
export async function check(
  deps: IntakeDeps,
  incoming: Pick<Incoming, 'raw' | 'parts' | 'client'>,
): Promise<Checked> {
  const { ledger, settings, catalogues } = deps
  const catalogue = catalogues.inForce()
  const context = {
    catalogue,
    halls: settings.halls,
    city: settings.city,
    client: incoming.client,
    now: ledger.now(),
  }
  const normalised = normaliseSubmission(incoming.raw, catalogue)
  const named = normalised.submission?.redoes !== undefined
  const earlier = named ? await stored(readEarlier(ledger, normalised.submission)) : undefined
  const checked = checkSubmission(normalised, earlier === undefined ? context : { ...context, earlier })
  if (checked.submission === undefined) throw submissionProblem(checked.errors)
  const ids = uploadIds(checked.submission.materials)
  const uploads = ids.length === 0 ? new Map() : await stored(readUploads(ledger.readers, ids))
  const { files, errors } = resolveFiles(checked.submission, checked.plan, {
    uploads,
    parts: incoming.parts,
    client: incoming.client.id,
  })
  const reused = sharedIds(checked.submission)
  const { shared, errors: misused } =
    reused.length === 0 ? nothingShared : await sharedOf(deps, checked, reused, incoming.client)
  const looked = lookAtSlot(deps, checked, incoming.client)
  const slot = looked ? await looked : null
  const unfree = slot !== null && 'code' in slot ? [atSlot(slot)] : noFaults
  if (errors.length + misused.length + unfree.length > 0)
    throw submissionProblem([...errors, ...misused, ...unfree])
  for (const [code, { data }] of shared) files.set(code, data.files)
  return { checked, files, shared, catalogue, ownSlot: slot !== null, ...(earlier ? { earlier } : {}) }
}

const nothingShared: ReturnType<typeof resolveShared> = { shared: new Map(), errors: [] }

async function sharedOf(
  { ledger, settings }: Pick<IntakeDeps, 'ledger' | 'settings'>,
  { submission, plan }: Passed,
  ids: string[],
  client: Client,
): Promise<ReturnType<typeof resolveShared>> {
  const offered = await stored(readReusable(ledger.readers, ids))
  const holder = holderHash(settings.keys.holders, submission.applicant)
  return resolveShared(submission, plan, offered, {
    client,
    holder,
    today: dayInChina(ledger.now()),
  })
}

function bodyHash({ body, parts }: Incoming): string {
  if (parts.size === 0) return hash('sha256', body)
  const files = [...parts].map(([name, file]) => `\n${name} ${file.sha256}`).sort()
  return hash('sha256', Buffer.concat([body, Buffer.from(files.join(''))]))
}
