// The mapping for county platforms that write pinyin initials (sqrxm 申请人姓名, sxbm 事项编码 …), with the answer
// they expect. The fields are explained one by one in README.md.

import type { FieldMap } from './field-map.ts'
import type { AcknowledgeSettings } from './settings.ts'

const address: FieldMap = {
  name: 'xm',
  mobile: 'dh',
  province: 'sf',
  city: 'cs',
  county: 'qx',
  division: 'qxdm',
  address: 'xxdz',
  postcode: 'yb',
}

const under = (ours: string, theirs: string, map: FieldMap): FieldMap =>
  Object.fromEntries(
    Object.entries(map).map(([name, from]) => [`${ours}.${name}`, `${theirs}.${String(from)}`]),
  )

export const countyPinyinFields: FieldMap = {
  externalId: 'sqbh',
  theme: 'sxbm',
  mode: { from: 'blfs', values: { '1': 'online', '2': 'agent', '3': 'appointment' } },
  division: 'sjxzqh',
  homeDivision: 'ssxzqh',
  appliedAt: 'slsj',
  'applicant.type': { from: 'sqrlx', values: { '1': 'person', '2': 'organisation' } },
  'applicant.name': 'sqrxm',
  'applicant.idType': 'sqrzjlx',
  'applicant.idNumber': 'sqrzjhm',
  'applicant.mobile': 'sqrsjh',
  'applicant.contact': 'lxrxm',
  'agent.hall': 'dtbh',
  'agent.window': 'ckbh',
  'agent.clerk': 'ckry',
  situations: { from: 'qxxx', default: {} },
  form: { from: 'bdxx', default: {} },
  materials: {
    from: 'clqd',
    default: [],
    each: {
      code: 'clbm',
      source: { from: 'clly', values: { '1': 'upload', '2': 'certificate', '3': 'shared', '4': 'paper' } },
      materialIds: { from: 'fjbh', list: true },
      certificateType: 'zzml',
    },
  },
  'delivery.return.by': { from: 'lqfs', values: { '1': 'post', '2': 'hall', '3': 'electronic' } },
  ...under('delivery.return.address', 'sjdz', address),
  'delivery.collect.from': 'qjsjq',
  'delivery.collect.to': 'qjsjz',
  ...under('delivery.collect.address', 'qjdz', address),
  'appointment.slot': 'yysd',
  'appointment.at': 'yysj',
}

export const countyPinyinAcknowledge: AcknowledgeSettings = {
  accepted: {
    code: '0',
    message: '成功',
    data: { blbh: '{{answer.submissionId}}', bjlb: '{{answer.cases}}' },
  },
  refused: { code: '{{code}}', message: '{{detail}}', errors: '{{errors}}' },
}
