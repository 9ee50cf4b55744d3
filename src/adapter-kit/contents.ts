// What each outgoing operation is given: plain data, composed anew for every attempt. Types only; adapters
// import them from contract.ts.

import type { ServiceEvent } from '../domain/service-record.ts'
import type { StoredFile } from './contract.ts'

/** What each operation is given. */
export interface Contents {
  submitCase: CaseContent
  supplementCase: SupplementContent
  withdrawCase: WithdrawalContent
  notify: NotifyContent
  obtainCertificate: CertificateContent
  /** A certificate obtained before is asked about again: is it still this holder's, and still good? */
  verifyCertificate: CertificateRecheck
  /** A result that a department issued goes into the registry; one that it has already is success. */
  registerCertificate: CertificateRegistration
  createOrder: ParcelContent
  cancelOrder: ParcelReference
  /** A tracker is told of a parcel that somebody else carries, and will push what happens to it. */
  followParcel: FollowedParcel
  /** A rating system is told what was done, so that it can ask the applicant how it was. */
  recordService: ServiceContent
  /** A slot of a department's own booking system is taken; it stays taken until it is cancelled. */
  reserve: ReservationContent
  /** What was reserved is given back. What is cancelled already, or was never there, is success. */
  cancel: CancellationContent
}
export type Operation = keyof Contents

export interface CaseContent {
  caseId: string
  submissionId: string
  /** The platform's number. */
  externalId: string
  theme: string
  matter: { code: string; name: string; taskCode?: string; handleItem?: string }
  mode: 'online' | 'agent' | 'appointment'
  division: string
  homeDivision: string
  submittedAt: string
  applicant: Party
  /** Who took it in; `mayAccept` where that window is authorised to accept this matter in the department's name (受理). */
  agent?: { hall: string; window: string; clerk: string; mayAccept?: true }
  situations: Record<string, unknown>
  form: Record<string, unknown>
  /**
   * How the applicant wants what is issued: by post, at a hall (and which), or electronic alone; absent where
   * not said.
   */
  resultReturn?: { by: 'post' | 'hall' | 'electronic'; hall?: string }
  materials: MaterialContent[]
  /** Who decides the matter, and within what, as the catalogue of the submission says. */
  department?: Office['department']
  limits?: Record<keyof Office['limits'], CaseLimit>
  /** Results of the matters this one depends on. */
  results: { matter: string; name: string; number?: string; certificateType?: string }[]
}

/** Who decides a matter, and within what. */
export interface Office {
  department: {
    code: string
    name: string
    /** 统一社会信用代码 */
    uscc?: string
  }
  /** Working (G) or natural (Z) days. */
  limits: Record<'legal' | 'promised', { days: number; unit: 'G' | 'Z' }>
}

export type CaseLimit = Office['limits']['legal'] & {
  /**
   * yyyy-MM-dd, the limit's last day where the case is accepted (受理) on the day it was submitted; a limit begins with
   * acceptance, so a later one moves it.
   */
  lastDay?: string
}

export interface Party {
  type: 'person' | 'organisation'
  name: string
  /** Holder code type, e.g. 111 公民身份号码, 001 统一社会信用代码. */
  idType: string
  idNumber: string
  mobile?: string
  contact?: string
}

export interface MaterialContent {
  code: string
  name: string
  source: 'upload' | 'certificate' | 'shared' | 'paper'
  files: StoredFile[]
  certificate?: { type: string; identifier: string; verifiedAt: string; trust?: string }
  /** Taken from an earlier case of the same holder, with what makes it credible (一次提交反复使用). */
  sharedFrom?: { caseId: string; matter: string; decidedAt: string; expiresOn: string; trust: string }
}

export interface SupplementContent {
  caseId: string
  /** The department's number for the case. */
  reference?: string
  round: number
  note?: string
  materials: MaterialContent[]
}

/** One service that the applicant may rate (好差评): one case taken, or brought to its end. */
export interface ServiceContent {
  caseId: string
  submissionId: string
  /** The department's number for the case. */
  reference?: string
  matter: CaseContent['matter']
  department?: Office['department']
  limits?: Office['limits']
  mode: CaseContent['mode']
  division: string
  homeDivision: string
  applicant: Party
  /** 1 for the first service of the case; with the case's id it is the same for ever. */
  number: number
  event: ServiceEvent
  /** ISO 8601. */
  at: string
  submittedAt: string
  acceptedAt?: string
}

export interface WithdrawalContent {
  caseId: string
  reference?: string
  reason: string
}

/** A normalised CloudEvent 1.0 for a department or the platform. */
export interface NotifyContent {
  /** CloudEvents id: the same on every attempt. */
  id: string
  type: string
  time: string
  subject: string
  /** Order within the subject's lane; strictly growing. */
  sequence: string
  data: Record<string, unknown>
  /** Told before with the same id, and again because an operator asked. */
  replay?: true
}

export interface CertificateContent {
  holder: { name: string; idType: string; idNumber: string }
  certificateType: string
  certificateName: string
  /** Why we look, ≤ 200 characters; registries demand it. */
  purpose: string
  /** On what grounds, where it is not the system's usual ones. */
  grant?: CertificateGrant
}

export interface CertificateRecheck extends CertificateContent {
  /** GB/T 36904, as the registry gave it. */
  identifier: string
}

/**
 * What `data` of an obtained or rechecked certificate's receipt says, kept as evidence. A copy that comes with a
 * `verifyingCode` counts as verified, one without as fetched only.
 */
export type CertificateEvidence = {
  identifier: string
  /** ISO 8601 */
  queriedAt: string
  /** As told to the registry. */
  purpose: string
  result: 'valid'
  /** The registry's own code for its judgement of the record. */
  verifyingCode?: string
  /** yyyy-MM-dd, null where it has no end. */
  validFrom?: string | null
  validTo?: string | null
}

export interface CertificateRegistration {
  caseId: string
  certificateType: string
  certificateName: string
  /** As the department gave it; absent: the adapter makes it, the same for the same case. */
  identifier?: string
  holder: { name: string; idType: string; idNumber: string }
  /** The department's number of the certificate. */
  number?: string
  issuer: {
    name: string
    /** USCC, or else the division. */
    code: string
  }
  /** yyyy-MM-dd */
  issuedOn: string
  purpose: string
}

/** 依职能: our own function allows it. 依授权: the holder does, with a code that is often good for one use. */
export interface CertificateGrant {
  type: 'function' | 'authorization'
  authCode?: string
}

export interface ParcelContent {
  parcelId: string
  caseId: string
  direction: 'collect' | 'deliver'
  sender: PostalParty
  receiver: PostalParty
  contents: { name: string; quantity: number }[]
  pickup?: { from: string; to: string }
  /** The county's contract number with the carrier (邮寄客户编号). */
  customerNumber?: string
  note?: string
}

export interface PostalParty {
  name: string
  mobile: string
  province: string
  city: string
  county: string
  address: string
  /** 邮政编码, where it was given. */
  postcode?: string
}

export interface ParcelReference {
  parcelId: string
  reference: string
  reason: string
  /** As in the order: carriers cancel only under the contract that ordered. */
  customerNumber?: string
}

export interface FollowedParcel {
  parcelId: string
  waybill: string
  /** The id of the system that carries it; a tracker's settings say which of its own codes that is. */
  carrier: string
  /** Last four digits of the receiver's phone: some carriers tell nobody else. */
  phoneTail?: string
}

export interface ReservationContent {
  /** Ours, the same for every try: the system keeps it and can be asked by it. */
  reservationId: string
  matter: CaseContent['matter']
  division: string
  /** The system's own id of the slot, as it named it. */
  slot: string
  /** ISO 8601 with offset, as the slot was shown: at another time it is another slot. */
  from: string
}

/** What `data` of a reservation's receipt says: when and where, as the system has it now. ISO 8601 with offset. */
export type ReservedSlot = { from: string; to: string; place?: string }

export interface CancellationContent {
  reservationId: string
  /** The system's own number; absent where its answer never came. */
  reference?: string
  slot: string
  reason: string
}
