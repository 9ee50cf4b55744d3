// The smallest city that a relay can be measured with, as a configuration folder: one platform, one department, one theme
// that goes straight through and one that only waits for attendance, so that intake can be measured alone.

import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'
import { names, secrets } from './bodies.ts'

/** What the written files refer to by `{ env: … }`. */
export const configurationEnvironment = {
  BENCH_DEPARTMENT_SECRET: secrets.department,
  BENCH_WEBHOOK_SECRET: secrets.webhook,
} as const

/**
 * Writes the folder that TONGBAN_CONFIG points to. `cityPort`: where the department and the platform listen;
 * `mapped`: the department's body is made by JSONata instead of by the preset.
 */
export function writeConfiguration(folder: string, cityPort: number, mapped = false): void {
  const files = {
    'gateway.yaml': gateway,
    [`systems/${names.department}.yaml`]: department(cityPort, mapped),
    [`systems/${names.platform}.yaml`]: platform(cityPort),
    'matters/bench.yaml': matters,
  }
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, stringify(content))
  }
}

const both = (zh: string, en: string) => ({ zh, en })

const gateway = {
  log: { level: 'warn' },
  clients: [
    {
      id: names.platform,
      tokens: [{ sha256: createHash('sha256').update(secrets.token).digest('hex') }],
      scopes: ['submissions:write', 'submissions:read', 'materials:write', 'catalogue:read'],
      divisions: ['*'],
      platform: names.platform,
    },
  ],
}

const delivery = { concurrency: 64, timeoutMs: 15_000 }

/** What the house preset says of a case, said in JSONata. */
const mappedSubmission = {
  method: 'POST',
  path: '/api/v1/project/receive',
  body: {
    outerNo: '=caseId',
    submissionNo: '=submissionId',
    itemCode: '=matter.taskCode ? matter.taskCode : matter.code',
    itemName: '=matter.name',
    areaCode: '=homeDivision',
    sourceArea: '=division',
    applyType: '=$code("applyType", mode)',
    applyTime: '=$localTime(submittedAt)',
    applicant: {
      kind: "=applicant.type = 'person' ? '1' : '2'",
      name: '=applicant.name',
      certType: '=applicant.idType',
      certNo: '=applicant.idNumber',
      phone: '=applicant.mobile',
    },
    formData: '=form',
    materials:
      '=[materials.{ "code": code, "name": name, "form": source, "files": [$files.{ "name": fileName, "url": url }] }]',
  },
}

const mapping = {
  tables: { applyType: { online: '1', agent: '2', appointment: '3' } },
  operations: { submitCase: { send: mappedSubmission, honoursKey: true } },
}

const department = (cityPort: number, mapped: boolean) => ({
  adapter: 'department-rest',
  title: both('测压局', 'Bench department'),
  delivery,
  settings: {
    preset: 'house',
    baseUrl: `http://127.0.0.1:${cityPort}/${names.department}`,
    signing: { key: names.department, secret: { env: 'BENCH_DEPARTMENT_SECRET' } },
    ...(mapped ? mapping : {}),
  },
})

const platform = (cityPort: number) => ({
  adapter: 'platform-rest',
  title: both('测压平台', 'Bench platform'),
  delivery,
  subscribes: ['case.closed'],
  settings: {
    callbacks: {
      url: `http://127.0.0.1:${cityPort}/${names.platform}/callbacks`,
      secrets: [{ env: 'BENCH_WEBHOOK_SECRET' }],
    },
  },
})

const matter = (code: string, modes: string[], materials: object[] = []) => ({
  code,
  name: both('餐饮服务经营许可', 'Catering licence'),
  department: 'bench',
  systems: names.department,
  modes,
  legalLimit: { days: 20, unit: 'G' },
  promisedLimit: { days: 5, unit: 'G' },
  results: [{ name: both('办结通知书', 'Notice of completion'), type: 'electronic' }],
  materials,
})

const theme = (code: string, matterCodes: string[], modes: string[]) => ({
  code,
  name: both('开办小型餐饮店', 'Open a small restaurant'),
  applicant: 'any',
  modes,
  situations: [],
  matters: matterCodes.map((one) => ({ matter: one })),
})

// A checklist of the usual length is only read, never submitted.
const MATTERS_OF_CHECKLIST = 4
const MATERIALS_EACH = 5
const checklistMatters = Array.from({ length: MATTERS_OF_CHECKLIST }, (_, i) => `bench-checklist-${i + 1}`)
const materialsOf = (place: number) =>
  Array.from({ length: MATERIALS_EACH }, (_, i) => ({
    material: `bench-material-${place * MATERIALS_EACH + i + 1}`,
  }))

const matters = {
  effectiveFrom: '2026-01-01',
  divisions: [{ code: names.division, name: both('鼓楼区', 'Gulou District') }],
  departments: [{ code: 'bench', name: both('测压局', 'Bench department') }],
  materials: Array.from({ length: MATTERS_OF_CHECKLIST * MATERIALS_EACH }, (_, i) => ({
    code: `bench-material-${i + 1}`,
    name: both('营业场所使用证明', 'Proof of premises'),
    sources: ['upload'],
    form: 'copy',
  })),
  matters: [
    matter('bench-online', ['online']),
    matter('bench-attended', ['appointment']),
    ...checklistMatters.map((code, i) => matter(code, ['online'], materialsOf(i))),
  ],
  themes: [
    theme(names.relayTheme, ['bench-online'], ['online']),
    theme(names.intakeTheme, ['bench-attended'], ['appointment']),
    theme(names.checklistTheme, checklistMatters, ['online']),
  ],
}
