// A small configuration that is right, in a folder of its own, of which a test replaces single files.
// Adapters here are names and schemas only; no test of the settings creates one.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import type { AdapterKind, AdapterManifest } from '../../src/adapter-kit/contract.ts'
import { fileSchema } from '../../src/adapter-kit/define.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { ConfigurationError } from '../../src/settings/problems.ts'
import type { Settings } from '../../src/settings/settings.ts'

export const right: Readonly<Record<string, string>> = {
  'gateway.yaml': `clients:
  - id: platform
    tokens: [{ env: PLATFORM_TOKEN }]
    scopes: [submissions:write]
    divisions: ["410204"]
    platform: city-platform
city: { province: 河南省, name: 开封市 }
`,
  'systems/health.yaml': `adapter: department
title: { zh: 卫健委, en: Health }
settings:
  baseUrl: \${CITY_URL:-http://127.0.0.1:7800}/health
  secret: { env: CITY_SECRET }
`,
  'systems/city-platform.yaml': `adapter: platform
title: { zh: 平台, en: Platform }
`,
  'systems/registry.yaml': `adapter: registry
title: { zh: 证照库, en: Registry }
`,
  'systems/post.yaml': `adapter: carrier
title: { zh: 邮政, en: Post }
`,
  'matters/catalogue.yaml': `divisions:
  - { code: "410204", name: { zh: 鼓楼区, en: Gulou }, aliases: ["410299"] }
  - { code: "410221", name: { zh: 杞县, en: Qi } }
departments:
  - { code: health, name: { zh: 卫健委, en: Health } }
certificateTypes:
  - { code: "11100000000013338W011", name: { zh: 许可证, en: Permit }, registry: registry }
materials:
  - { code: photo, name: { zh: 照片, en: Photograph }, sources: [upload] }
  - { code: permit, name: { zh: 许可证, en: Permit }, sources: [certificate, upload], certificateType: "11100000000013338W011" }
matters:
  - code: birth
    name: { zh: 出生证明, en: Birth }
    department: health
    systems: health
    modes: [online, appointment]
    legalLimit: { days: 5, unit: G }
    promisedLimit: { days: 1, unit: G }
    materials:
      - { material: permit, when: { married: true } }
  - code: vaccination
    name: { zh: 接种证, en: Vaccination }
    department: health
    systems: { "410204": health }
    modes: [online]
    legalLimit: { days: 5, unit: G }
    promisedLimit: { days: 1, unit: G }
    materials:
      - { material: photo }
    notOffered: ["410221"]
themes:
  - code: newborn
    name: { zh: 新生儿, en: Newborn }
    applicant: person
    modes: [online, appointment]
    situations:
      - { code: married, question: { zh: 已婚？, en: Married? }, type: boolean, default: true }
    matters:
      - { matter: birth }
      - { matter: vaccination, after: [birth], optional: true }
`,
  'halls/410204.yaml': `halls:
  - code: 410204-01
    name: { zh: 大厅, en: Hall }
    division: "410204"
    address: 鼓楼街 1 号
    phone: 0371-10000000
    windows: [{ code: "01", collects: ["*"], from: "2026-01-01", to: "2026-12-31" }]
`,
  'postal/410204.yaml': `division: "410204"
system: post
documentNumber: 汴审改办〔2022〕8号
contractNumber: C-1
customerNumber: "90000012345678"
from: "2026-01-01"
to: "2026-12-31"
counter: { name: 窗口, mobile: "037110000000", province: 河南省, city: 开封市, county: 鼓楼区, address: 鼓楼街 1 号 }
`,
  'calendar/2026.yaml': `year: 2026
source: 国务院办公厅
daysOff: [{ name: { zh: 元旦, en: New Year }, from: "2026-01-01", to: "2026-01-03" }]
workingDays: ["2026-01-04"]
`,
}

export const environment = { PLATFORM_TOKEN: 'platform-token', CITY_SECRET: 'city-secret' }

const open = { type: 'object' }
const departmentSettings = {
  type: 'object',
  additionalProperties: false,
  required: ['baseUrl', 'secret'],
  properties: {
    baseUrl: { type: 'string', format: 'uri' },
    secret: { type: 'string', minLength: 4, writeOnly: true },
    ca: fileSchema('CA'),
    previous: { type: 'array', items: { type: 'string', writeOnly: true } },
    connections: { type: 'integer', default: 4 },
  },
}

export const adapters: ReadonlyMap<string, AdapterManifest> = new Map(
  [
    manifest('department', 'department', departmentSettings),
    manifest('platform', 'platform', open),
    manifest('registry', 'certificate-registry', open),
    manifest('carrier', 'carrier', open),
    manifest('booking', 'appointment-book', open),
    { ...manifest('called', 'platform', open), canNotify: isCalled },
    { ...manifest('trusting', 'department', open), needsPushClients: isTrusting },
  ].map((each) => [each.name, each]),
)

function isCalled(settings: unknown): boolean {
  return (settings as { callbacks?: unknown }).callbacks !== undefined
}

function isTrusting(settings: unknown): boolean {
  return (settings as { verify?: unknown }).verify === false
}

function manifest(name: string, kind: AdapterKind, settings: Record<string, unknown>): AdapterManifest {
  return { name, kind, title: { zh: name, en: name }, settings, create: () => ({ outgoing: {} }) }
}

/** Files that differ from `right`; null leaves one out. */
export type Changes = Record<string, string | Uint8Array | null>

interface Folder {
  dir: string
  dataDir: string
  load(env?: Record<string, string>): Promise<Settings>
}

/** A configuration folder that vanishes with the test. */
export function folder(t: Test, changes: Changes = {}): Folder {
  const root = mkdtempSync(join(tmpdir(), 'tongban-settings-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  const dir = join(root, 'config')
  for (const [name, content] of Object.entries({ ...right, ...changes })) {
    if (content === null) continue
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), content)
  }
  const dataDir = join(root, 'data')
  return {
    dir,
    dataDir,
    load: (env = environment) => loadSettings({ configDir: dir, dataDir, env, adapters }),
  }
}

/** What is wrong, as `file:line:column pointer: message` lines. */
export async function problemsOf(
  t: Test,
  changes: Changes,
  env: Record<string, string> = environment,
): Promise<string[]> {
  const error = await folder(t, changes)
    .load(env)
    .catch((thrown: unknown) => thrown)
  if (!(error instanceof ConfigurationError)) throw error
  return error.problems.map(
    ({ file, line, column, pointer, message }) => `${file}:${line}:${column} ${pointer}: ${message}`,
  )
}

/** `right` with one text of one file replaced. */
export function edited(file: string, from: string, to: string): Changes {
  const text = right[file]
  if (!text?.includes(from)) throw new Error(`${file} does not hold ${from}`)
  return { [file]: text.replace(from, to) }
}
