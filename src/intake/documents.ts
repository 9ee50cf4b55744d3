// What platforms are shown of a submission, each as the schema of its name in schemas/ has it: the compiler
// holds the two together. Pure; what belongs to the gateway alone is left out here.

import type {
  CaseDocument,
  EntryDocument,
  MaterialDocument,
  PaperDocument,
  ParcelDocument,
  SubmissionDocument,
  TransferDocument,
} from '../../schemas/types.ts'
import { keeperOf, kindOf } from '../domain/paper.ts'
import { type Held, nameOf } from '../domain/papers.ts'
import type { Aggregate, Appointment, Case, Material, Parcel } from '../domain/submission.ts'
import type { Exactly } from '../http/exactly.ts'
import type { EntryView, TransferView } from '../ledger/reads.ts'

export function submissionDocument(aggregate: Aggregate): Exactly<SubmissionDocument> {
  const { submission, cases } = aggregate
  const { id, externalId, theme, mode, division, homeDivision, state, catalogueVersion } = submission
  const { redoes, redoneBy } = submission
  return {
    submissionId: id,
    externalId,
    theme,
    mode,
    division,
    homeDivision,
    state,
    catalogueVersion,
    ...(redoes ? { redoes } : {}),
    ...(redoneBy ? { redoneBy } : {}),
    cases: cases.map((one) => caseDocument(aggregate, one)),
  }
}

export function caseDocument({ submission }: Aggregate, one: Case): Exactly<CaseDocument> {
  const { id, matter, system, mode, state, reference, waits, asked, reason, result, round, clock, stopped } =
    one
  const { appointment, agent, supplementDueOn, services, registration, optional } = one
  const { externalId, theme, division, homeDivision } = submission
  return {
    caseId: id,
    submissionId: submission.id,
    externalId,
    theme,
    matter: matter.code,
    matterName: matter.name,
    system,
    mode,
    division,
    homeDivision,
    state,
    ...(optional ? { optional } : {}),
    ...(reference ? { reference } : {}),
    ...(waits.length > 0 ? { waits } : {}),
    ...(asked.length > 0 ? { asked, round } : {}),
    ...(reason ? { reason } : {}),
    ...(result ? { result } : {}),
    ...(registration ? { registration } : {}),
    ...(clock ? { deadline: clock } : {}),
    ...(stopped ? { stopped } : {}),
    ...(appointment ? { appointment: appointmentOf(appointment) } : {}),
    ...(agent ? { agent } : {}),
    ...(supplementDueOn ? { supplementDueOn } : {}),
    ...(services ? { services } : {}),
  }
}

/** Without what the gateway itself has in mind for it. */
const appointmentOf = ({ next: _, ...shown }: Appointment) => shown

export function entryDocument({ occurredAt, recordedAt, ...entry }: EntryView): Exactly<EntryDocument> {
  return { ...entry, occurredAt: occurredAt.toISOString(), recordedAt: recordedAt.toISOString() }
}

export function transferDocument(transfer: TransferView): Exactly<TransferDocument> {
  const { nextAttemptAt, createdAt, settledAt, ...rest } = transfer
  return {
    ...rest,
    nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    settledAt: settledAt?.toISOString() ?? null,
  }
}

export const materialDocument = (material: Material): Exactly<MaterialDocument> => material

export function parcelDocument({ turnedAway, ...parcel }: Parcel): Exactly<ParcelDocument> {
  return { ...parcel, ...(turnedAway ? { turnedAway } : {}) }
}

export function paperDocument({ one, paper }: Held): Exactly<PaperDocument> {
  const { links, awaits } = paper
  return {
    caseId: one.id,
    ...nameOf(paper, one),
    name: paper.name,
    keeper: keeperOf(paper, one.system),
    links: links.map((link) => ({ kind: kindOf(link), ...link })),
    ...(awaits ? { awaits: { ...awaits, overdue: awaits.alarm !== undefined } } : {}),
  }
}
