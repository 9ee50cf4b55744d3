// Where database, queues and files are, as far as it can be told without asking them: a wrong address is said
// before anything starts. No sentence may hold the address, which may hold a password.

import { fileURLToPath } from 'node:url'
import type { GatewayFile } from '../../schemas/types.ts'
import { type Environment, variable } from './environment.ts'
import { environmentProblem, type Report } from './problems.ts'
import { redisAddress } from './redis-address.ts'
import type { Source } from './yaml-source.ts'

type EngineName = keyof NonNullable<GatewayFile['engines']>

interface Engine {
  name: EngineName
  variable: string
  fits(text: string): boolean
  en: string
  zh: string
}

const engines: readonly Engine[] = [
  {
    name: 'database',
    variable: 'DATABASE_URL',
    fits: isPostgres,
    en: 'must be an address such as postgres://user:password@host:5432/name, with # / : @ % of a password written as %23 %2F %3A %40 %25',
    zh: '必须是 postgres://user:password@host:5432/name 形式的地址，密码中的 # / : @ % 须写成 %23 %2F %3A %40 %25',
  },
  {
    name: 'redis',
    variable: 'REDIS_URL',
    fits: (text) => redisAddress(text) !== null,
    en: 'must be an address such as redis://host:6379, rediss://user:password@host:6379, redis-sentinel://host:26379,host:26379/0#master or redis-cluster://host:6379,host:6379, with # / : @ % of a password written as %23 %2F %3A %40 %25',
    zh: '必须是 redis://host:6379、rediss://user:password@host:6379、redis-sentinel://host:26379,host:26379/0#master 或 redis-cluster://host:6379,host:6379 形式的地址，密码中的 # / : @ % 须写成 %23 %2F %3A %40 %25',
  },
  {
    name: 'materials',
    variable: 'MATERIALS_URL',
    fits: isFolder,
    en: 'must be the file: address of a folder, such as file:///srv/materials',
    zh: '必须是文件夹的 file: 地址，例如 file:///srv/materials',
  },
]

/** @param only one engine, where nobody needs the others */
export function checkEngines(
  file: { source: Source; data: GatewayFile } | undefined,
  env: Environment,
  report: Report,
  only?: EngineName,
): void {
  for (const { name, variable: given, fits, en, zh } of engines) {
    if (only !== undefined && name !== only) continue
    const ofEnvironment = variable(env, given)
    const text = ofEnvironment ?? file?.data.engines?.[name]
    if (typeof text !== 'string' || fits(text)) continue
    if (ofEnvironment !== undefined) report(environmentProblem(given, en, zh))
    else file?.source.report(`/engines/${name}`, `${name} ${en}`, `${name} ${zh}`)
  }
}

/** As the driver reads it: also a socket's folder, alone or as the host. */
function isPostgres(text: string): boolean {
  if (/^(\/|socket:)/.test(text)) return true
  return (
    /^postgres(ql)?:\/\//.test(text) && (URL.canParse(text) || URL.canParse(text.replace('@/', '@socket/')))
  )
}

function isFolder(text: string): boolean {
  try {
    return fileURLToPath(text) !== ''
  } catch {
    return false
  }
}
