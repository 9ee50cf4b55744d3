// What an outside system says happened, recorded: the same whether it pushed the message or was asked for it.
// The exact bytes are kept with the first event of the message; the same event twice happens once.

import type { ExternalEvent, InboundMessage } from '../adapter-kit/contract.ts'
import type { AdapterFailure } from '../adapter-kit/failures.ts'
import type { CaseEvent } from '../domain/case-states.ts'
import type { DomainEvent, ParcelEvent } from '../domain/events.ts'
import { submissionOf } from '../domain/submission.ts'
import { stored } from '../http/ledger-away.ts'
import { sha256 } from '../http/messages.ts'
import type { Recorded } from '../ledger/changes.ts'
import { keepUnreadable, locate } from '../ledger/evidence.ts'
import type { Ledger } from '../ledger/ledger.ts'

export interface ReportObserver {
  reported(facts: { system: string; event: string; outcome: string; case?: string; parcel?: string }): void
  unreadable(system: string, reason: string): void
}

export interface ReportDeps {
  ledger: Ledger
  observer: ReportObserver
}

/** The bytes a report came in. */
export interface Evidence {
  body: Buffer
  mediaType: string
}

export function evidenceOf({ headers, body }: Pick<InboundMessage, 'headers' | 'body'>): Evidence {
  const type = headers['content-type']
  return { body, mediaType: typeof type === 'string' ? type : '' }
}

/** One promise per event, in order; each resolves once it is durable. */
export function recordAll(
  deps: ReportDeps,
  system: string,
  events: readonly ExternalEvent[],
  evidence: Evidence,
): Promise<Recorded>[] {
  const digest = sha256(evidence.body)
  // All are found before any is recorded: one that takes longer to find would come after those that follow it.
  const places = Promise.all(events.map((event) => stored(placeOf(deps.ledger, system, event))))
  return events.map(async (event, i) => {
    const place = (await places)[i] ?? null
    const recorded = await record(deps, system, event, place, {
      key: event.id,
      sha256: digest,
      mediaType: evidence.mediaType,
      body: i === 0 ? evidence.body : NOTHING,
    })
    if (recorded.reason === numberTaken)
      await keepEvidence(deps, system, evidence, `${numberTaken.zh} (${numberTaken.en})`, 'once')
    return recorded
  })
}

/** What a person is told of a line that cannot be read. */
export const toldOf = ({ message, code }: AdapterFailure): string =>
  code === undefined ? message : `${message} [${code}]`

const NOTHING = Buffer.alloc(0)

/**
 * Keeps a message that cannot be read, for a person; the same bytes again change nothing. `once`: nor is a
 * person told again, where we are the ones who asked for it again. Resolves with whether it was new.
 */
export async function keepEvidence(
  { ledger, observer }: ReportDeps,
  system: string,
  { body, mediaType }: Evidence,
  reason: string,
  tell: 'always' | 'once' = 'always',
): Promise<boolean> {
  const digest = sha256(body)
  if (tell === 'always') observer.unreadable(system, reason)
  const message = {
    source: `system:${system}`,
    key: `unreadable:${digest}`,
    sha256: digest,
    mediaType,
    body,
  }
  const isNew = await stored(keepUnreadable(ledger.writers, message, reason))
  if (tell === 'once' && isNew) observer.unreadable(system, reason)
  return isNew
}

async function record(
  deps: ReportDeps,
  system: string,
  event: ExternalEvent,
  place: Place | null,
  message: { key: string; sha256: string; mediaType: string; body: Buffer },
): Promise<Recorded> {
  if (!place) return { outcome: 'unknown', submissionId: '' }
  const about = { of: place.caseId ?? place.parcelId ?? '', event: event.type }
  const known = await stored(
    deps.ledger.record({
      submissionId: place.submissionId,
      event: domainEvent(system, event, place),
      message: { source: `system:${system}`, ...message },
      answer: () => about,
    }),
  )
  const recorded = isAnother(known, place, about) ? { ...known, ...takenByAnother } : known
  deps.observer.reported({
    system,
    event: event.type,
    outcome: recorded.outcome,
    ...(place.caseId ? { case: place.caseId } : {}),
    ...(place.parcelId ? { parcel: place.parcelId } : {}),
  })
  return recorded
}

const numberTaken = {
  zh: '该事件编号已用于另一条消息：每条消息须有各自的编号',
  en: 'its number was used for another report: each needs one of its own',
}
const takenByAnother = { outcome: 'refused', reason: numberTaken } as const

/** Known by its number, and yet of something else than what came under that: no repeat, but another report. */
function isAnother(
  { outcome, submissionId, answer }: Recorded,
  place: Place,
  about: { of: string; event: string },
): boolean {
  if (outcome !== 'replayed' && outcome !== 'conflict') return false
  if (submissionId !== place.submissionId) return true
  // Of a report from before that was kept nothing else is known.
  return answer !== undefined && (answer.of !== about.of || answer.event !== about.event)
}

interface Place {
  submissionId: string
  caseId?: string
  parcelId?: string
}

async function placeOf(ledger: Ledger, system: string, event: ExternalEvent): Promise<Place | null> {
  const isParcel = event.type.startsWith('parcel.')
  const id = isParcel ? event.parcelId : event.caseId
  const submissionId = id === undefined ? null : submissionOf(id)
  if (id !== undefined && submissionId !== null)
    return { submissionId, ...(isParcel ? { parcelId: id } : { caseId: id }) }
  return event.reference === undefined ? null : locate(ledger.readers, system, event.reference)
}

function domainEvent(system: string, event: ExternalEvent, place: Place): DomainEvent {
  const detail = {
    ...event.detail,
    ...(event.reference && !event.detail.reference ? { reference: event.reference } : {}),
  }
  if (place.parcelId)
    return {
      type: 'parcel.reported',
      parcelId: place.parcelId,
      eventId: event.id,
      event: event.type as ParcelEvent,
      at: event.at,
      system,
      detail,
    }
  if (event.type === 'material.received')
    return {
      type: 'material.received',
      caseId: place.caseId ?? '',
      at: event.at,
      system,
      ...(detail.materials ? { materials: detail.materials.map(({ code }) => code) } : {}),
      ...(detail.place ? { place: detail.place } : {}),
      ...(detail.handledBy ? { person: detail.handledBy } : {}),
    }
  if (event.type === 'case.rated') return rated(system, event, place)
  return {
    type: 'case.reported',
    caseId: place.caseId ?? '',
    event: event.type as CaseEvent,
    at: event.at,
    system,
    detail,
  }
}

/** Only what was said: an adapter that tells no rating has nothing that could be recorded. */
function rated(system: string, { at, detail }: ExternalEvent, { caseId = '' }: Place): DomainEvent {
  const { rating } = detail
  if (!rating) throw new Error(`${system} tells case.rated without detail.rating`)
  const { service, ...said } = rating
  return { type: 'case.rated', caseId, system, service, evaluation: { ...said, at } }
}
