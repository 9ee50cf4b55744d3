// A small city for the tests of intake: two themes, four matters, one hall. Everything in it is invented.

import type { Authorisation, Right } from '../../src/domain/authority.ts'
import type {
  Catalogue,
  MaterialSource,
  Matter,
  MatterMaterial,
  Mode,
  Names,
  Theme,
} from '../../src/domain/catalogue.ts'
import type { Hall } from '../../src/settings/settings.ts'

export const TODAY = new Date('2026-11-23T02:00:00Z')
export const RESIDENT = '11010519491231002X'
export const COMPANY = '91410204MA9XYTK30F'

const both = (zh: string, en = zh): Names => ({ zh, en })

const may = (right: Right, matters: string[], year = '2026'): Authorisation => ({
  right,
  matters,
  from: `${year}-01-01`,
  to: `${year}-12-31`,
})

export const halls: ReadonlyMap<string, Hall> = new Map([
  [
    '410204-01',
    {
      code: '410204-01',
      name: both('鼓楼区政务服务大厅'),
      division: '410204',
      address: '书店街1号',
      phone: '0371-23881234',
      windows: [
        { code: '07', authorisations: [may('collect', ['*'])] },
        { code: '08', authorisations: [may('collect', ['food-permit'])] },
        { code: '09', authorisations: [may('collect', ['*'], '2025')] },
        { code: '10', authorisations: [may('collect', ['*']), may('accept', ['licence'])] },
      ],
    },
  ],
])

export const restaurant: Theme = {
  code: 'open-restaurant',
  name: both('开办餐饮店'),
  applicant: 'any',
  modes: ['online', 'agent', 'appointment'],
  situations: [
    {
      code: 'hasFireEquipment',
      question: both('是否有消防设施', 'Is there fire equipment'),
      type: 'boolean',
      required: true,
    },
  ],
  form: {
    type: 'object',
    required: ['shopName'],
    properties: {
      shopName: { type: 'string', minLength: 1 },
      openedOn: { type: 'string', format: 'date' },
      manager: {
        type: 'object',
        properties: {
          phone: { type: 'string', format: 'phone' },
          idNumber: { type: 'string', format: 'id-number' },
        },
      },
      licences: {
        type: 'array',
        items: { type: 'object', properties: { until: { type: 'string', format: 'date' } } },
      },
      note: { type: ['string', 'null'] },
    },
  },
  matters: [
    { matter: 'licence', after: [] },
    { matter: 'food-permit', after: ['licence'] },
    { matter: 'fire-check', after: ['licence'], when: { hasFireEquipment: false } },
  ],
}

const newborn: Theme = {
  code: 'newborn',
  name: both('新生儿出生'),
  applicant: 'person',
  modes: ['online'],
  situations: [],
  matters: [{ matter: 'birth', after: [] }],
}

const material = (
  code: string,
  sources: MaterialSource[],
  more: Partial<MatterMaterial> = {},
): MatterMaterial => ({
  code,
  name: both(`材料${code}`, `material ${code}`),
  required: true,
  sources,
  form: 'original',
  mediaTypes: ['application/pdf'],
  maxBytes: 10_000_000,
  uploadInstead: true,
  windowMayVerify: true,
  holdsCase: false,
  ...more,
})

const matter = (
  code: string,
  modes: Mode[],
  materials: MatterMaterial[],
  systems = new Map([['*', 'city']]),
): Matter => ({
  code,
  name: both(`事项${code}`),
  department: 'd',
  systems,
  modes,
  legalLimit: { days: 20, unit: 'G' },
  promisedLimit: { days: 5, unit: 'G' },
  results: [],
  materials,
  startsWhen: 'booked',
})

const matters = [
  matter(
    'licence',
    ['online', 'agent'],
    [
      material('M01', ['upload']),
      material('M02', ['certificate', 'upload'], {
        certificateType: '11100000000013338W011',
        windowMayVerify: false,
      }),
    ],
  ),
  matter(
    'food-permit',
    ['online', 'agent', 'appointment'],
    [material('M03', ['paper', 'upload'], { required: false })],
  ),
  matter('fire-check', ['online', 'agent'], []),
  matter('birth', ['online'], [], new Map([['410204', 'hospital']])),
]

const divisions = [
  { code: '410202', name: both('龙亭区'), aliases: ['410211'] },
  { code: '410204', name: both('鼓楼区'), aliases: [] },
  { code: '410212', name: both('祥符区'), aliases: ['410224'] },
  { code: '410221', name: both('杞县'), aliases: ['QX'] },
]

export const catalogue: Catalogue = {
  version: 'test',
  effectiveFrom: '2026-01-01',
  themes: new Map([restaurant, newborn].map((theme) => [theme.code, theme])),
  matters: new Map(matters.map((one) => [one.code, one])),
  divisions: new Map(divisions.map((one) => [one.code, one])),
  departments: new Map(),
  certificateTypes: new Map(),
}

/** A submission without fault; each call makes a fresh one. */
export function goodSubmission(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    externalId: 'KF20261123000017',
    theme: 'open-restaurant',
    mode: 'agent',
    division: '410204',
    homeDivision: '410221',
    applicant: { type: 'person', name: '张𠮷祥', idType: '111', idNumber: RESIDENT, mobile: '13800138000' },
    agent: { hall: '410204-01', window: '07', clerk: '王晓明' },
    situations: { hasFireEquipment: true },
    form: { shopName: '鼓楼小馆', openedOn: '2026-12-01' },
    materials: [
      { code: 'M01', source: 'upload', materialId: 'mat_01kb3v5m8q0000000000000000' },
      { code: 'M02', source: 'certificate', certificateType: '11100000000013338W011' },
    ],
    delivery: { return: { by: 'hall' } },
    ...changes,
  }
}
