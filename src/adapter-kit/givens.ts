// Canned contents for samples and conformance: what a sample's `given` names. All persons and numbers are invented.
// The values must not change lightly: samples of all adapters are written against them.

import { hash } from 'node:crypto'
import type {
  CancellationContent,
  CaseContent,
  CertificateContent,
  CertificateRecheck,
  CertificateRegistration,
  Contents,
  FollowedParcel,
  MaterialContent,
  NotifyContent,
  ParcelContent,
  ParcelReference,
  PostalParty,
  ReservationContent,
  ServiceContent,
  StoredFile,
  SupplementContent,
  WithdrawalContent,
} from './contract.ts'

/** The time of every sample, unless it says otherwise: 2026-11-23 09:30:00 in Kaifeng. */
export const GIVEN_NOW = new Date('2026-11-23T01:30:00.000Z')
/** `attempt.key` of every sample. */
export const GIVEN_KEY = 'trf_01kaqf3m2e7x9c4v8b1n6m5k3j'

const planBytes = Buffer.from('开封市餐饮店平面图 (sample)\n')

/** Bytes of the files the contents name, by SHA-256. */
export const givenFiles: ReadonlyMap<string, Buffer> = new Map([
  [hash('sha256', planBytes, 'hex'), planBytes],
])

const plan: StoredFile = {
  sha256: hash('sha256', planBytes, 'hex'),
  size: planBytes.length,
  mediaType: 'application/pdf',
  fileName: '平面图.pdf',
}

const uploaded: MaterialContent = { code: 'M01', name: '经营场所平面图', source: 'upload', files: [plan] }
const licence: MaterialContent = {
  code: 'M02',
  name: '营业执照',
  source: 'certificate',
  files: [],
  certificate: {
    type: '11100000MB03271699001',
    identifier: '1.2.156.3005.2.11100000MB03271699001.91410204MA9XYTK30F.001.X',
    verifiedAt: '2026-11-23T09:00:00+08:00',
  },
}
const paper: MaterialContent = { code: 'M03', name: '健康证明', source: 'paper', files: [] }

const caseOnline: CaseContent = {
  caseId: 'case_01kaqf3m2d0000000000000001',
  submissionId: 'sub_01kaqf3m2d0000000000000001',
  externalId: 'KF20261123000017',
  theme: 'open-restaurant',
  matter: { code: 'food-licence', name: '食品经营许可证核发', taskCode: '11410200005310123X4000131001002' },
  mode: 'online',
  division: '410204',
  homeDivision: '410221',
  submittedAt: '2026-11-23T09:12:05+08:00',
  applicant: {
    type: 'person',
    name: '张晓𬀩',
    idType: '111',
    idNumber: '410204198503071521',
    mobile: '13803780001',
  },
  situations: { hasFireEquipment: true },
  form: { shopName: '鼓楼小馆', area: 86.5 },
  materials: [uploaded, licence, paper],
  results: [],
}

const caseAgent: CaseContent = {
  ...caseOnline,
  mode: 'agent',
  applicant: {
    type: 'organisation',
    name: '开封鼓楼小馆餐饮有限公司',
    idType: '001',
    idNumber: '91410204MA9XYTK30F',
    mobile: '13803780002',
    contact: '李明远',
  },
  agent: { hall: '410204-01', window: '07', clerk: '王工号017' },
}

const supplement: SupplementContent = {
  caseId: caseOnline.caseId,
  reference: 'SJ2026112300017',
  round: 1,
  note: '已补充平面图',
  materials: [uploaded],
}

const withdrawal: WithdrawalContent = {
  caseId: caseOnline.caseId,
  reference: 'SJ2026112300017',
  reason: '申请人撤回',
}

const notification: NotifyContent = {
  id: 'evt_01kaqf3m2d0000000000000001',
  type: 'case.accepted',
  time: '2026-11-23T09:30:00+08:00',
  subject: caseOnline.caseId,
  sequence: '00000000000000000003',
  data: {
    caseId: caseOnline.caseId,
    submissionId: caseOnline.submissionId,
    externalId: caseOnline.externalId,
    state: 'accepted',
  },
}

const certificate: CertificateContent = {
  holder: { name: '开封鼓楼小馆餐饮有限公司', idType: '001', idNumber: '91410204MA9XYTK30F' },
  certificateType: '11100000000013338W011',
  certificateName: '营业执照',
  purpose: '办理食品经营许可证核发',
}

const recheck: CertificateRecheck = {
  ...certificate,
  identifier: '1.2.156.3005.2.11100000000013338W011.11410200005310123X.4FADDD9A0D91FB7A.001.0',
}

const registration: CertificateRegistration = {
  caseId: caseOnline.caseId,
  certificateType: certificate.certificateType,
  certificateName: '食品经营许可证',
  holder: certificate.holder,
  number: 'JY24102040000017',
  issuer: { name: '开封市市场监督管理局', code: '11410200005310123X' },
  issuedOn: '2026-11-23',
  purpose: '登记食品经营许可证核发的办理结果',
}

const home: PostalParty = {
  name: '张晓明',
  mobile: '13803780001',
  province: '河南省',
  city: '开封市',
  county: '鼓楼区',
  address: '书店街128号3单元502',
}
const counter: PostalParty = {
  name: '杞县政务服务中心',
  mobile: '13803780099',
  province: '河南省',
  city: '开封市',
  county: '杞县',
  address: '金城大道88号邮寄专窗',
}

const parcelCollect: ParcelContent = {
  parcelId: 'par_01kaqf3m2d0000000000000001',
  caseId: caseOnline.caseId,
  direction: 'collect',
  sender: home,
  receiver: counter,
  contents: [{ name: '健康证明', quantity: 1 }],
  pickup: { from: '2026-11-23T14:00:00+08:00', to: '2026-11-23T16:00:00+08:00' },
  customerNumber: '90000012345678',
  note: '政务服务邮件',
}

const parcelDeliver: ParcelContent = {
  parcelId: 'par_01kaqf3m2d0000000000000002',
  caseId: caseOnline.caseId,
  direction: 'deliver',
  sender: counter,
  receiver: home,
  contents: [{ name: '食品经营许可证', quantity: 1 }],
  customerNumber: '90000012345678',
}

const parcelCancel: ParcelReference = {
  parcelId: parcelCollect.parcelId,
  reference: '1100012345678',
  reason: '申请人撤回',
  customerNumber: '90000012345678',
}

const parcelFollowed: FollowedParcel = {
  parcelId: parcelDeliver.parcelId,
  waybill: '1100012345678',
  carrier: 'ems',
  phoneTail: '0001',
}

const service: ServiceContent = {
  caseId: caseOnline.caseId,
  submissionId: caseOnline.submissionId,
  reference: 'SJ2026112300017',
  matter: caseOnline.matter,
  department: { code: 'market-regulation', name: '市场监督管理局', uscc: '11410200005310123X' },
  limits: { legal: { days: 20, unit: 'G' }, promised: { days: 5, unit: 'G' } },
  mode: 'online',
  division: caseOnline.division,
  homeDivision: caseOnline.homeDivision,
  applicant: caseOnline.applicant,
  number: 1,
  event: 'case.closed',
  at: '2026-11-23T09:30:00+08:00',
  submittedAt: caseOnline.submittedAt,
  acceptedAt: '2026-11-23T09:20:00+08:00',
}

const serviceDenied: ServiceContent = {
  ...service,
  applicant: caseAgent.applicant,
  mode: 'agent',
  number: 2,
  event: 'case.denied',
}

const { acceptedAt: _, ...neverAccepted } = service
const serviceRejected: ServiceContent = { ...neverAccepted, event: 'case.rejected' }

const reservation: ReservationContent = {
  reservationId: 'rsv_01kaqf3m2d0000000000000001',
  matter: caseOnline.matter,
  division: '410204',
  slot: 'A-1201-0930',
  from: '2026-12-01T09:30:00+08:00',
}

const cancellation: CancellationContent = {
  reservationId: reservation.reservationId,
  reference: 'YY2026112300017',
  slot: reservation.slot,
  reason: '申请人取消',
}
const { reference: _unknown, ...unanswered } = cancellation

/** Canned contents by the name a sample gives. */
export const givens = {
  'case-online': caseOnline,
  'case-agent': caseAgent,
  'case-organisation': { ...caseAgent, mode: 'online' } as CaseContent,
  supplement,
  withdrawal,
  notification,
  certificate,
  'certificate-recheck': recheck,
  'certificate-registration': registration,
  'parcel-collect': parcelCollect,
  'parcel-deliver': parcelDeliver,
  'parcel-cancel': parcelCancel,
  'parcel-followed': parcelFollowed,
  service,
  'service-denied': serviceDenied,
  'service-rejected': serviceRejected,
  reservation,
  'reservation-cancel': cancellation,
  'reservation-cancel-unanswered': unanswered,
} as const satisfies Record<string, Contents[keyof Contents]>

export type GivenName = keyof typeof givens
