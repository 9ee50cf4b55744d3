// The one way in for a submission, whatever form it came in: check, find its files, record, answer. Nothing is
// stored before every check has passed, and nothing is answered before everything is stored.

import { hash } from 'node:crypto'
import type { CanonicalSubmission } from '../../schemas/types.ts'
import type { Bookings } from '../appointments/bookings.ts'
import type { Catalogues } from '../catalogue/in-force.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import type { File } from '../domain/submission.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { stored } from '../http/ledger-away.ts'
import { away, isProblem, type Problem, problem } from '../http/problems.ts'
import { isStorable } from '../http/storable.ts'
import { newId } from '../identifiers.ts'
import type { Message, Recorded } from '../ledger/changes.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Client, Settings } from '../settings/settings.ts'
import { type CheckedSubmission, checkSubmission, submissionProblem } from './check-submission.ts'
import { atSlot, lookUp, takerOf } from './look-up.ts'
import { normaliseSubmission } from './normalise/index.ts'
import type { SubmissionFacts, SubmissionObserver } from './observing.ts'
import { documentOf, receivedEvent } from './received.ts'
import { type Earlier, promise, readEarlier } from './redo.ts'
import type { SharedMaterials } from './shared-materials.ts'

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
  /** What it holds that cannot be kept: refused for it, together with all else that is wrong. */
  unsafe?: Problem | null
  /** Parts that were there and were refused already. */
  refused?: Pick<ReadonlySet<string>, 'has'>
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
    if (incoming.unsafe) throw refusal
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
  if (answer === 'other') throw keyTaken()
  const { submissionId } = answer
  const known = typeof submissionId === 'string' ? { submission: submissionId } : {}
  return { answer, replayed: true, facts: { outcome: 'replayed', ...known } }
}

function answerTo(recorded: Recorded, { checked, files }: Checked): Accepted {
  if (recorded.outcome === 'conflict') throw recorded.taken === 'number' ? numberTaken() : keyTaken()
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

const keyTaken = (): Error =>
  problem('idempotency-conflict', {
    detail: 'this Idempotency-Key was used before with another body',
    detailZh: '该 Idempotency-Key 已用于另一份内容',
  })

function numberTaken(): Error {
  const detail = 'this externalId was used before with another body'
  const detailZh = '该 externalId 已用于另一份内容'
  const errors = [fieldError('/externalId', 'number-taken', detail, detailZh)]
  return problem('idempotency-conflict', { detail, detailZh, errors })
}

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
  incoming: Pick<Incoming, 'raw' | 'parts' | 'refused' | 'client' | 'unsafe'>,
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
  const { errors, files, shared, ownSlot } = await lookUp(deps, checked, incoming)
  if (incoming.unsafe) throw withAll(incoming.unsafe, [...checked.errors, ...errors])
  if (checked.submission === undefined || errors.length > 0)
    throw submissionProblem([...checked.errors, ...errors])
  for (const [code, { data }] of shared) files.set(code, data.files)
  return { checked, files, shared, catalogue, ownSlot, ...(earlier ? { earlier } : {}) }
}

/** What cannot be kept, and all else that is wrong: each place once, and no name that cannot be kept either. */
export function withAll(unsafe: Problem, errors: readonly FieldError[]): Problem {
  const told = new Set(unsafe.errors?.map(({ pointer }) => pointer))
  const others = errors.filter(({ pointer }) => !told.has(pointer) && isStorable(pointer))
  const { detail, detailZh, problemCode } = unsafe
  const words = detail === undefined || detailZh === undefined ? {} : { detail, detailZh }
  return problem(problemCode, { ...words, errors: [...(unsafe.errors ?? []), ...others] })
}

function bodyHash({ body, parts }: Incoming): string {
  if (parts.size === 0) return hash('sha256', body)
  const files = [...parts].map(([name, file]) => `\n${name} ${file.sha256}`).sort()
  return hash('sha256', Buffer.concat([body, Buffer.from(files.join(''))]))
}
