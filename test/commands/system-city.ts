// The smallest city that a system command can be asked about: one platform, one department over REST, one matter.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Behaviour, type ScriptedServer, startServer } from '../../src/adapter-kit/conformance/server.ts'
import type { Teardown } from '../support/database.ts'
import { removeFolder, temporaryFolder } from '../support/folders.ts'
import { type HowToRun, type Said, tongban } from './tongban.ts'

export const SECRET = 'bureau-secret-5a1f'
export const TOKEN = 'small-city-platform-token-0001'

interface SmallCity {
  folder: string
  configDir: string
  dataDir: string
  env: Record<string, string>
  /** Runs a command on this configuration. */
  run(args: string[], more?: HowToRun): Promise<Said>
  /** Writes a file below the folder and answers its path. */
  write(path: string, text: string): string
}

/** @param bureau what systems/bureau.yaml says, as YAML */
export function smallCity(t: Teardown, bureau: string): SmallCity {
  const folder = temporaryFolder('small-city')
  t.teardown(() => removeFolder(folder))
  const write = (path: string, text: string): string => {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
    return join(folder, path)
  }
  write('config/gateway.yaml', gateway)
  write('config/systems/platform.yaml', 'title: { zh: 平台, en: Platform }\nadapter: platform-rest\n')
  write('config/systems/bureau.yaml', bureau)
  write('config/matters/trees.yaml', matters)
  const [configDir, dataDir] = [join(folder, 'config'), join(folder, 'data')]
  const env = {
    BUREAU_SECRET: SECRET,
    PLATFORM_TOKEN: TOKEN,
    TONGBAN_CONFIG: configDir,
    TONGBAN_DATA: dataDir,
    DATABASE_URL: '',
    REDIS_URL: '',
    LOG_LEVEL: 'warn',
  }
  return {
    folder,
    configDir,
    dataDir,
    env,
    write,
    run: (args, { env: more = {}, ...rest } = {}) => tongban(args, { env: { ...env, ...more }, ...rest }),
  }
}

/** The department in the house format. */
export const houseBureau = (baseUrl: string, more = ''): string => `
title: { zh: 园林局, en: Parks Bureau }
adapter: department-rest
delivery: { timeoutMs: 2000 }
settings:
  preset: house
  baseUrl: ${baseUrl}
  signing: { key: tongban, secret: { env: BUREAU_SECRET } }
${more}`

export async function pretend(t: Teardown, behaviour: Behaviour): Promise<ScriptedServer> {
  const server = await startServer(behaviour)
  t.teardown(server.close)
  return server
}

const gateway = `
clients:
  - id: platform
    tokens: [{ env: PLATFORM_TOKEN }]
    scopes: [submissions:write, submissions:read, systems:inbox]
    divisions: ["*"]
    platform: platform
`

const matters = `
effectiveFrom: "2026-01-01"
divisions:
  - { code: "410204", name: { zh: 鼓楼区, en: Gulou District } }
departments:
  - { code: parks, name: { zh: 园林局, en: Parks Bureau }, uscc: "11410200005301558D" }
materials: []
matters:
  - code: tree-transplant
    name: { zh: 移植城市树木审批, en: Permit to move a city tree }
    catalogCode: "000117009000"
    taskCode: "11410200005301558D3000117009000"
    handleItem: "11410200005301558D300011700900001"
    department: parks
    systems: bureau
    modes: [online]
    legalLimit: { days: 20, unit: G }
    promisedLimit: { days: 5, unit: G }
    materials: []
    results: [{ name: { zh: 树木移植许可, en: Permit }, type: electronic }]
themes:
  - code: trees
    name: { zh: 移植树木, en: Moving a tree }
    applicant: person
    modes: [online]
    form: { type: object, properties: { why: { type: string, title: 原因 } } }
    matters: [{ matter: tree-transplant }]
`

/** A citizen's request, right as it is. */
export const submission = (externalId: string): Record<string, unknown> => ({
  externalId,
  theme: 'trees',
  mode: 'online',
  division: '410204',
  homeDivision: '410204',
  applicant: {
    type: 'person',
    name: '王建国',
    idType: '111',
    idNumber: '410204196603150017',
    mobile: '13903780000',
  },
  form: { why: '地铁施工占用' },
  materials: [],
})
