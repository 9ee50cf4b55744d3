// What a transfer hands over, put together when it is attempted: from the submission as it is now and the
// document as it was received. Pure; the ledger keeps only references.

import type {
  CaseContent,
  Contents,
  MaterialContent,
  Operation,
  ParcelContent,
  PostalParty,
  ServiceContent,
} from '../adapter-kit/contract.ts'
import type { SharedFrom } from '../domain/proofs.ts'
import type { Aggregate, Case, Material, Parcel, Transfer } from '../domain/submission.ts'
import { recheckedCertificate, registeredResult, wantedCertificate } from './compose-certificates.ts'
import { applicantOf, type ComposeContext, type ComposeDocument, caseOf } from './compose-context.ts'
import { datedLimits } from './offices.ts'

export {
  type CatalogueNames,
  type ComposeContext,
  type ComposeDocument,
  onlyCatalogue,
  settledContext,
} from './compose-context.ts'

/** The content for the transfer's operation; throws when the submission no longer has what it is about. */
export function compose(transfer: Transfer, context: ComposeContext): Contents[Operation] {
  const { about } = transfer
  if ('event' in about) return notification(about)
  if ('material' in about)
    return transfer.operation === 'verifyCertificate'
      ? recheckedCertificate(about.material, context)
      : wantedCertificate(about.material, context)
  if ('registration' in about) return registeredResult(about.registration, context)
  if ('parcel' in about) {
    if (transfer.operation === 'cancelOrder') return cancellation(about.parcel, context)
    if (transfer.operation === 'followParcel') return followed(about.parcel, context)
    return parcel(about.parcel, context)
  }
  const one = caseOf(about.case, context.aggregate)
  if ('withdrawal' in about)
    return {
      caseId: one.id,
      ...(one.reference ? { reference: one.reference } : {}),
      reason: about.withdrawal,
    }
  if ('service' in about) return service(one, about.service, context)
  if ('round' in about) return supplement(one, about, context)
  return submission(one, context)
}

/** It carries its event with it. */
export function notification({
  event,
  replay,
}: Extract<Transfer['about'], { event: unknown }>): Contents['notify'] {
  const { id, type, at, subject, sequence, data } = event
  const content = { id, type, time: at, subject, sequence: String(sequence).padStart(8, '0'), data }
  return replay ? { ...content, replay: true } : content
}

function submission(one: Case, context: ComposeContext): CaseContent {
  const { aggregate, document } = context
  const { id, externalId, theme, division, homeDivision } = aggregate.submission
  return {
    caseId: one.id,
    submissionId: id,
    externalId,
    theme,
    matter: one.matter,
    mode: one.mode,
    division,
    homeDivision,
    submittedAt: document.submittedAt ?? '',
    applicant: applicantOf(document),
    ...agentOf(one, document),
    situations: document.situations ?? {},
    form: document.form ?? {},
    ...resultReturn(document),
    materials: aggregate.materials.filter((m) => m.cases.includes(one.id)).map(material),
    ...caseOffice(one, context),
    results: aggregate.cases
      .filter((c) => c.id !== one.id && c.result)
      .map((c) => ({
        matter: c.matter.code,
        name: c.result!.name,
        ...(c.result!.number ? { number: c.result!.number } : {}),
        ...(c.result!.certificateType ? { certificateType: c.result!.certificateType } : {}),
      })),
  }
}

function caseOffice(
  { matter }: Case,
  { office, calendar, aggregate, document }: ComposeContext,
): Pick<CaseContent, 'department' | 'limits'> {
  const { department, limits } = office?.(matter.code, aggregate.submission.catalogueVersion) ?? {}
  return {
    ...(department ? { department } : {}),
    ...(limits ? { limits: datedLimits(limits, document.submittedAt, calendar) } : {}),
  }
}

function resultReturn({ delivery }: ComposeDocument): Pick<CaseContent, 'resultReturn'> {
  const { by, hall } = delivery?.return ?? {}
  return by ? { resultReturn: { by, ...(hall ? { hall } : {}) } } : {}
}

/**
 * The window that took this case, else the one that took the whole submission, with what it may do for the
 * department.
 */
function agentOf(one: Case, { agent }: ComposeDocument): Pick<CaseContent, 'agent'> {
  if (one.agent) return { agent: one.agent }
  if (!agent) return {}
  const { accepts, ...given } = agent
  const mayAccept = one.mode === 'agent' && accepts?.includes(one.matter.code) === true
  return { agent: { ...given, ...(mayAccept ? { mayAccept } : {}) } }
}

function service(one: Case, number: number, context: ComposeContext): ServiceContent {
  const told = one.services?.find((each) => each.number === number)
  if (!told) throw new Error(`case ${one.id} has no service ${number}`)
  const { id, division, homeDivision } = context.aggregate.submission
  return {
    caseId: one.id,
    submissionId: id,
    ...(one.reference ? { reference: one.reference } : {}),
    matter: one.matter,
    ...context.office?.(one.matter.code, context.aggregate.submission.catalogueVersion),
    mode: one.mode,
    division,
    homeDivision,
    applicant: applicantOf(context.document),
    number,
    event: told.event,
    at: told.at,
    submittedAt: context.document.submittedAt ?? '',
    ...(told.acceptedAt ? { acceptedAt: told.acceptedAt } : {}),
  }
}

/** Departments know the result of another case as shared data. */
const material = (one: Material): MaterialContent => ({
  code: one.code,
  name: one.name,
  source: one.source === 'result' ? 'shared' : one.source,
  files: [...one.files],
  ...(one.certificate && one.source !== 'upload'
    ? {
        certificate: {
          type: one.certificate.type,
          identifier: one.certificate.identifier,
          verifiedAt: one.certificate.verifiedAt,
          ...(one.certificate.trust ? { trust: one.certificate.trust } : {}),
        },
      }
    : {}),
  ...(one.sharedFrom && one.source === 'shared' ? { sharedFrom: sharedFacts(one.sharedFrom) } : {}),
})

const sharedFacts = ({ caseId, matter, decidedAt, expiresOn, trust }: SharedFrom) => ({
  caseId,
  matter,
  decidedAt,
  expiresOn,
  trust,
})

function supplement(
  one: Case,
  about: { round: number; note?: string; materials: readonly string[] },
  { aggregate }: ComposeContext,
): Contents['supplementCase'] {
  return {
    caseId: one.id,
    ...(one.reference ? { reference: one.reference } : {}),
    round: about.round,
    ...(about.note ? { note: about.note } : {}),
    materials: aggregate.materials.filter((m) => about.materials.includes(m.code)).map(material),
  }
}

function parcel(id: string, context: ComposeContext): ParcelContent {
  const one = parcelOf(id, context.aggregate)
  const counter = context.contract(context.aggregate.submission.homeDivision)?.counter
  if (!counter)
    throw new Error(`division ${context.aggregate.submission.homeDivision} has no postal contract`)
  const person = resident(one.direction, context)
  const pickup = context.document.delivery?.collect
  return {
    parcelId: one.id,
    caseId: one.caseId,
    direction: one.direction,
    sender: one.direction === 'collect' ? person : counter,
    receiver: one.direction === 'collect' ? counter : person,
    contents:
      one.materials.length > 0
        ? one.materials.map((code) => ({ name: materialName(code, context.aggregate), quantity: 1 }))
        : [{ name: '办理结果', quantity: 1 }],
    ...(one.customerNumber ? { customerNumber: one.customerNumber } : {}),
    ...(one.direction === 'collect' && pickup?.from && pickup.to
      ? { pickup: { from: pickup.from, to: pickup.to } }
      : {}),
  }
}

const materialName = (code: string, aggregate: Aggregate): string =>
  aggregate.materials.find((m) => m.code === code)?.name ?? code

function parcelOf(id: string, aggregate: Aggregate): Parcel {
  const one = aggregate.parcels.find((p) => p.id === id)
  if (!one) throw new Error(`parcel ${id} is not in its submission`)
  return one
}

function resident(
  direction: Parcel['direction'],
  { document: { applicant: given, delivery }, city: here }: Pick<ComposeContext, 'document' | 'city'>,
): PostalParty {
  const address =
    (direction === 'collect' ? delivery?.collect?.address : delivery?.return?.address) ?? given?.address ?? {}
  const ours = address.province || address.city ? {} : { province: here?.province, city: here?.name }
  const { province = '', city = '', county = '', address: street = '' } = { ...address, ...ours }
  return {
    name: address.name ?? given?.name ?? '',
    mobile: address.mobile ?? given?.mobile ?? '',
    province,
    city,
    county,
    address: street,
    ...(address.postcode ? { postcode: address.postcode } : {}),
  }
}

/** Why a case ended for which an order is taken back, by the word that is kept with it; all others were withdrawn. */
const endings: Readonly<Record<string, string>> = {
  'supplement-timeout': '申请人逾期未补正，办件已终止',
  'appointment-missed': '申请人逾期未重新预约，办件已终止',
  'upstream-refused': '前序事项未获通过，办件已终止',
}

function cancellation(id: string, { aggregate }: ComposeContext): Contents['cancelOrder'] {
  const one = parcelOf(id, aggregate)
  return {
    parcelId: one.id,
    reference: one.reference ?? '',
    reason: endings[caseOf(one.caseId, aggregate).reason ?? ''] ?? '申请人撤回',
    ...(one.customerNumber ? { customerNumber: one.customerNumber } : {}),
  }
}

function followed(id: string, context: ComposeContext): Contents['followParcel'] {
  const one = parcelOf(id, context.aggregate)
  const counter = context.contract(context.aggregate.submission.homeDivision)?.counter
  const receiver = one.direction === 'collect' ? counter : resident(one.direction, context)
  const phoneTail = receiver?.mobile.replaceAll(/\D/g, '').slice(-4)
  return {
    parcelId: one.id,
    waybill: one.reference ?? '',
    carrier: one.system,
    ...(phoneTail?.length === 4 ? { phoneTail } : {}),
  }
}
