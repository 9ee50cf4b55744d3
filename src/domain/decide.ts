// decide(state, event) -> next state, entries, transfers. The whole life of a submission hangs on this one pure
// function: no time, no ids, no settings but what is handed in, so it can be simulated by the million.

import { reportAttendance } from './attendance.ts'
import type { WorkCalendar } from './calendar.ts'
import { reportCase } from './case.ts'
import { offerUpload, uploadedInstead } from './certificates.ts'
import type { Limits } from './clock.ts'
import { handOver } from './custody.ts'
import { receivePapers } from './custody-receipt.ts'
import type { Draft, Step, Why } from './draft.ts'
import type { DomainEvent } from './events.ts'
import { changeMode } from './mode.ts'
import type { CustodyLimits } from './paper.ts'
import { reportParcel } from './parcel.ts'
import { rate } from './rating.ts'
import { receive } from './receive.ts'
import { redone } from './redo.ts'
import { replayCallbacks } from './replay.ts'
import { ring } from './ringing.ts'
import { settleTransfer } from './settle.ts'
import type { Aggregate, Case, Entry, Submission } from './submission.ts'
import { supplement } from './supplement.ts'
import { withdrawAll, withdrawCase } from './withdrawal.ts'

/** What the domain needs to know of the configuration. */
export interface Rules extends WorkCalendar {
  /** What runs against a case of this matter, by the catalogue of its submission; null when nothing does. */
  limits(matter: string, catalogueVersion: string): Limits | null
  /** Does the system want to be called back with this type of event, of this submission and case? */
  subscribes(system: string, type: string, of: Submission, one: Case | undefined): boolean
  /** Which rating system is told of a service of the home division that ended with this event; none: nobody is. */
  rating?: ((type: string, division: string) => string | undefined) | undefined
  /** The county's postal contract in force at `now`, or the reason why there is none. */
  postal(
    division: string,
    now: string,
  ): { system: string; customerNumber: string; tracker?: string } | { missing: string }
  /** How long anybody may hold a paper; absent: nobody watches. */
  custody?: CustodyLimits
  certificates: CertificateRules
}

/** What the settings say of registries and their certificates. */
export interface CertificateRules {
  /**
   * Verified longer ago than this, a certificate is asked about again before its case goes out; null: its
   * registry cannot be.
   */
  maxAgeMs(registry: string): number | null
  /**
   * Where results of a matter are registered, by the type the department named or else the catalogue's; null:
   * nowhere.
   */
  registration(
    matter: string,
    certificateType: string | undefined,
    catalogueVersion: string,
  ): { registry: string; certificateType: string } | null
}

export interface Decision {
  /** refused: nothing changed, and `why` says what kind of refusal it is. duplicate: nothing new in it. */
  outcome: 'applied' | 'noted' | 'duplicate' | 'refused'
  reason?: { zh: string; en: string }
  why?: Why
  aggregate: Aggregate
  entries: readonly Entry[]
}

const nothing: readonly Entry[] = []

/**
 * The answer to one event. `aggregate` is null for `submission.received` and only then.
 * `now` is ISO 8601: when the gateway learnt of it.
 */
export function decide(aggregate: Aggregate | null, event: DomainEvent, now: string, rules: Rules): Decision {
  if (event.type === 'submission.received') {
    const made = receive(event, now, rules)
    return { outcome: 'applied', aggregate: made.aggregate, entries: made.entries }
  }
  if (!aggregate) throw new Error(`${event.type} without a submission`)
  const step = react({ aggregate, entries: nothing, now }, event, rules)
  if (step === 'duplicate') return { outcome: 'duplicate', aggregate, entries: nothing }
  if ('refused' in step)
    return { outcome: 'refused', reason: step.refused, why: step.why, aggregate, entries: nothing }
  return { outcome: step.noted ? 'noted' : 'applied', aggregate: step.aggregate, entries: step.entries }
}

function react(
  draft: Draft,
  event: Exclude<DomainEvent, { type: 'submission.received' }>,
  rules: Rules,
): Step {
  switch (event.type) {
    case 'case.reported':
      return reportCase(draft, event, rules)
    case 'case.supplement-received':
      return uploadedInstead(supplement(draft, event, rules), event, rules)
    case 'case.withdrawal-asked':
      return withdrawCase(draft, event, rules)
    case 'submission.withdrawal-asked':
      return withdrawAll(draft, event, rules)
    case 'submission.redone':
      return redone(draft, event, rules)
    case 'case.mode-asked':
      return changeMode(draft, event, rules)
    case 'clock.rang':
      return ring(draft, event, rules)
    case 'callbacks.replayed':
      return replayCallbacks(draft, event)
    case 'case.rated':
      return rate(draft, event, rules)
    case 'appointment.reported':
      return reportAttendance(draft, event, rules)
    case 'material.handed-over':
      return handOver(draft, event, rules)
    case 'material.received':
      return receivePapers(draft, event, rules)
    case 'parcel.reported':
      return reportParcel(draft, event, rules)
    case 'certificate.overdue':
      return offerUpload(draft, event, rules)
    case 'transfer.delivered':
    case 'transfer.refused':
    case 'transfer.buried':
    case 'transfer.revived':
    case 'transfer.vouched':
    case 'transfer.given-up':
      return settleTransfer(draft, event, rules)
  }
}
