// What can happen to a submission, in our words. Outside messages and outcomes of transfers become these;
// `decide` is their only reader.

import type { CaseEvent } from './case-states.ts'
import type { Catalogue, Mode } from './catalogue.ts'
import type { Evaluation, File, PublicEvent } from './submission.ts'

/** Facts of an event. All optional; unknown facts of a system go under `more`. */
export interface EventDetail {
  /** The department's number for the case. */
  reference?: string
  /** Refusals and corrections: the department's reason, for the applicant. */
  reason?: string
  /** Corrections: what is asked for. */
  materials?: { code: string; reason: string }[]
  /** Corrections and special procedures: working days allowed. */
  limitDays?: number
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
  | { type: 'clock.rang'; caseId: string }
  | { type: 'case.rated'; caseId: string; system: string; service: number; evaluation: Evaluation }
  | { type: 'appointment.reported'; caseId: string; outcome: 'attended' | 'missed'; at: string }
  | {
      type: 'parcel.reported'
      parcelId: string
      eventId: string
      event: ParcelEvent
      at: string
      system: string
      detail: EventDetail
    }
  | { type: 'callbacks.replayed'; system: string; events: readonly PublicEvent[]; by: string; reason: string }
  | { type: 'transfer.delivered'; transferId: string; receipt: ReceiptFacts }
  | { type: 'transfer.refused'; transferId: string; code: string; reason: string }
  | { type: 'transfer.buried'; transferId: string; reason: string }
  | { type: 'transfer.revived'; transferId: string; by: string; reason: string }

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
  cases: PlannedCase[]
  materials: PlannedMaterial[]
}

export interface PlannedCase {
  matter: { code: string; name: string; taskCode?: string; handleItem?: string }
  system: string
  mode: Mode
  /** Codes of matters of this submission that come first. */
  after: string[]
  waitsForAttendance: boolean
  paperResult: boolean
}

export interface PlannedMaterial {
  code: string
  name: string
  source: 'upload' | 'certificate' | 'shared' | 'paper'
  /** Matters that ask for it. */
  matters: string[]
  files: File[]
  certificateType?: string
  registry?: string
  holdsCase: boolean
}
