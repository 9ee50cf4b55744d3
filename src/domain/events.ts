// What can happen to a submission, in our words. Outside messages and outcomes of transfers become these;
// `decide` is their only reader.

import type { CaseEvent } from './case-states.ts'
import type { Catalogue, Limit, Mode } from './catalogue.ts'
import type { Keeper } from './paper.ts'
import type { PaperName } from './papers.ts'
import type { Certificate, SharedFrom, WindowCheck } from './proofs.ts'
import type { Evaluation, File, PublicEvent, Satisfied, WindowClerk } from './submission.ts'

/** Facts of an event. All optional; unknown facts of a system go under `more`. */
export interface EventDetail {
  /** The department's number for the case. */
  reference?: string
  /** Refusals and corrections: the department's reason, for the applicant. */
  reason?: string
  /** Corrections: what is asked for. */
  materials?: { code: string; reason: string }[]
  /** Corrections and special procedures: days allowed, working days unless `limitUnit` says otherwise. */
  limitDays?: number
  /** G working days, Z natural days. */
  limitUnit?: Limit['unit']
  /** Approved/issued: the result. */
  result?: {
    type: 'electronic' | 'paper'
    name: string
    number?: string
    certificateType?: string
    identifier?: string
  }
  /** Parcels: the carrier takes back what it reported before: that event's id, or its type (the latest such). */
  reverses?: string
  /** Parcels: the carrier has no other word for the way back, so after `parcel.returning` this is said of the sender. */
  eitherWay?: true
  place?: string
  handledBy?: string
  /** Ratings only: which service of the case, and what the applicant said of it. */
  rating?: { service: number } & Omit<Evaluation, 'at'>
  more?: Record<string, unknown>
}

export const parcelEvents = [
  'parcel.ordered',
  'parcel.collected',
  'parcel.in-transit',
  'parcel.out-for-delivery',
  'parcel.delivered',
  'parcel.delivery-failed',
  'parcel.returning',
  'parcel.returned',
  'parcel.cancelled',
  'parcel.lost',
] as const
export type ParcelEvent = (typeof parcelEvents)[number]

export type DomainEvent =
  | SubmissionReceived
  | {
      type: 'case.reported'
      caseId: string
      event: CaseEvent
      at: string
      system: string
      detail: EventDetail
    }
  | { type: 'case.supplement-received'; caseId: string; materials: SuppliedMaterial[]; note?: string }
  | { type: 'case.withdrawal-asked'; caseId: string; reason: string }
  | { type: 'submission.withdrawal-asked'; reason: string }
  | ModeAsked
  | { type: 'clock.rang'; caseId: string }
  | { type: 'case.rated'; caseId: string; system: string; service: number; evaluation: Evaluation }
  | {
      type: 'appointment.reported'
      caseId: string
      outcome: 'attended' | 'missed' | 'rebooked' | 'cancelled'
      at: string
      /** rebooked: the new one. */
      slot?: string
      /** rebooked: when it begins, where whoever booked it said so. */
      startsAt?: string
      /** Told by who keeps the book: the slot that was changed. It is no news of a case that has another one. */
      from?: string
      reason?: string
    }
  | SubmissionRedone
  | {
      type: 'material.handed-over'
      papers: readonly PaperName[]
      from: Keeper
      to: Keeper
      at: string
      /** `client:<id>` or `system:<id>`. */
      by: string
      place?: string
      waybill?: string
      note?: string
    }
  | {
      /** A department has the papers of a case, or those named. */
      type: 'material.received'
      caseId: string
      materials?: readonly string[]
      at: string
      system: string
      place?: string
      person?: string
    }
  | {
      type: 'parcel.reported'
      parcelId: string
      eventId: string
      event: ParcelEvent
      at: string
      system: string
      detail: EventDetail
    }
  | { type: 'certificate.overdue'; transferId: string }
  | { type: 'callbacks.replayed'; system: string; events: readonly PublicEvent[]; by: string; reason: string }
  | { type: 'transfer.delivered'; transferId: string; receipt: ReceiptFacts }
  | {
      type: 'transfer.refused'
      transferId: string
      code: string
      reason: string
      /** An earlier attempt may have arrived all the same, and that could not be found out. */
      inDoubt?: true
    }
  /** `neverSent`: no attempt at it has left this machine, so nobody has anything of it. */
  | { type: 'transfer.buried'; transferId: string; reason: string; neverSent?: true }
  | { type: 'transfer.revived'; transferId: string; by: string; reason: string }
  /** A person found out that its system has it; `reference` is that system's own number. */
  | { type: 'transfer.vouched'; transferId: string; by: string; reason: string; reference?: string }
  | { type: 'transfer.given-up'; transferId: string; by: string; reason: string }

/** The applicant goes on with a case in another mode, which its matter offers. */
export interface ModeAsked {
  type: 'case.mode-asked'
  caseId: string
  mode: Mode
  reason: string
  /** appointment: whether the case starts only when the applicant has come. */
  waitsForAttendance: boolean
  slot?: string
  /** When the slot begins, where whoever booked it said so. */
  startsAt?: string
  agent?: WindowClerk
}

/** Told to the earlier submission before the one that redoes it is recorded. */
export interface SubmissionRedone {
  type: 'submission.redone'
  by: string
  externalId: string
  matters: string[]
  /** Earlier redos that no longer stand in the way: they failed as well, or never came. */
  over: string[]
}

export interface ReceiptFacts {
  reference?: string
  duplicate?: boolean
  data?: Record<string, unknown>
  files?: File[]
  events?: { type: string; at: string; detail: EventDetail }[]
}

export interface SuppliedMaterial {
  code: string
  name?: string
  files: File[]
}

/** Normalised, validated, planned: see intake. */
export interface SubmissionReceived {
  type: 'submission.received'
  submissionId: string
  externalId: string
  platform: string
  client: string
  theme: string
  mode: Mode
  division: string
  homeDivision: string
  catalogueVersion: Catalogue['version']
  /** Paper goes out by post / results come back by post. */
  post: { collect: boolean; deliver: boolean }
  /** Keyed hash of the applicant's document; only where a material may be used again. */
  holder?: string
  cases: ReceivedCase[]
  materials: ReceivedMaterial[]
  /** The earlier submission whose failed branch this is. */
  redoes?: { submissionId: string; satisfied: readonly Satisfied[] }
}

export interface ReceivedCase {
  matter: { code: string; name: string; taskCode?: string; handleItem?: string }
  system: string
  mode: Mode
  /** Codes of matters of this submission that come first. */
  after: string[]
  waitsForAttendance: boolean
  /** Appointment mode. */
  slot?: string
  /** When it begins, where whoever booked it said so. */
  startsAt?: string
  paperResult: boolean
  /** The submission succeeds without it. */
  optional?: true
}

export interface ReceivedMaterial {
  code: string
  name: string
  source: 'upload' | 'certificate' | 'shared' | 'paper' | 'result'
  /** result: the matter it comes from, of this submission or settled by the one it redoes. */
  from?: string
  /** Matters that ask for it. */
  matters: string[]
  files: File[]
  certificateType?: string
  registry?: string
  holdsCase: boolean
  uploadInstead?: true
  checked?: WindowCheck
  sharedFrom?: SharedFrom
  certificate?: Certificate
  reusableDays?: number
  /** Paper that a window has taken in with the submission. */
  takenIn?: { by: Keeper; at: string }
}
