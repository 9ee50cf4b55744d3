// config/gateway.yaml and the environment: the gateway's own settings, the clients and the operators.
// The environment wins. Tokens leave this file only as their SHA-256.

import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { GatewayFile } from '../../schemas/types.ts'
import type { CustodyLimits } from '../domain/paper.ts'
import type { Checked } from './checked.ts'
import { type Environment, variable } from './environment.ts'
import { readPasswordHash } from './password-hash.ts'
import { environmentProblem, type Report } from './problems.ts'
import { type KnownSystems, referDivisions, referOnce, referSystem } from './references.ts'
import { readSecret, type SecretPlaces } from './secrets.ts'
import type { Client, Operator, Settings } from './settings.ts'
import type { Source } from './yaml-source.ts'

type GatewaySettings = Pick<
  Settings,
  | 'http'
  | 'databaseUrl'
  | 'redisUrl'
  | 'materialsUrl'
  | 'logLevel'
  | 'limits'
  | 'deadlines'
  | 'certificates'
  | 'custody'
  | 'calendarWarnFrom'
  | 'supervision'
>

/** Where data lies: given by the caller, or TONGBAN_DATA, or ./.data. */
export function dataFolder(env: Environment, given?: string): string {
  return resolve(given ?? variable(env, 'TONGBAN_DATA') ?? '.data')
}

/** Everything of the gateway itself; problems of the environment are reported under its variable's name. */
export function gatewaySettings(
  file: GatewayFile,
  env: Environment,
  dataDir: string,
  report: Report,
): GatewaySettings {
  const host = variable(env, 'TONGBAN_HOST') ?? file.http?.host ?? '127.0.0.1'
  const port = portOf(env, report) ?? file.http?.port ?? 7700
  const shownHost = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const publicUrl = publicUrlOf(env, report) ?? file.http?.publicUrl ?? `http://${shownHost}:${port}`
  const limits = file.limits ?? {}
  return {
    http: {
      host,
      port,
      publicUrl: publicUrl.replace(/\/+$/, ''),
      trustedProxies: file.http?.trustedProxies ?? [],
    },
    databaseUrl: variable(env, 'DATABASE_URL') ?? file.engines?.database ?? null,
    redisUrl: variable(env, 'REDIS_URL') ?? file.engines?.redis ?? null,
    materialsUrl:
      variable(env, 'MATERIALS_URL') ??
      file.engines?.materials ??
      pathToFileURL(join(dataDir, 'materials')).href,
    logLevel: logLevelOf(env, report) ?? file.log?.level ?? 'info',
    limits: {
      maxFileBytes: limits.maxFileBytes ?? 2 * GIBIBYTE,
      maxBodyBytes: limits.maxBodyBytes ?? MEBIBYTE,
      maxParts: limits.maxParts ?? 200,
      stalledBodySeconds: limits.stalledBodySeconds ?? 60,
      sm3: limits.sm3 ?? false,
    },
    deadlines: {
      acceptanceDays: file.deadlines?.acceptanceDays ?? 5,
      supplementDays: file.deadlines?.supplementDays ?? 15,
      issuanceDays: file.deadlines?.issuanceDays ?? 10,
      specialProcedureDays: file.deadlines?.specialProcedureDays ?? 30,
      appointmentDays: file.deadlines?.appointmentDays ?? 15,
      warnShare: file.deadlines?.warnShare ?? 0.8,
      escalation: (file.deadlines?.escalation ?? [3, 5, 10]).toSorted((a, b) => a - b),
      supplementTimeout: file.deadlines?.supplementTimeout ?? 'terminate',
      appointmentTimeout: file.deadlines?.appointmentTimeout ?? 'terminate',
    },
    certificates: {
      maxAgeHours: file.certificates?.maxAgeHours ?? 24,
      uploadAfterHours: file.certificates?.uploadAfterHours ?? 24,
    },
    custody: custodyOf(file.custody ?? {}),
    calendarWarnFrom: file.calendar?.warnFrom ?? '10-01',
    supervision: {
      reconcileAt: reconcileAt(file.supervision?.reconcileAt ?? '02:30'),
      smallestCount: file.supervision?.smallestCount ?? 5,
    },
  }
}

/** Zero is written for what nobody watches. */
function custodyOf(file: NonNullable<GatewayFile['custody']>): CustodyLimits {
  const days = { applicantDays: 5, windowDays: 2, carrierDays: 5, departmentDays: 3, receiptDays: 0, ...file }
  return Object.fromEntries(Object.entries(days).filter(([, limit]) => limit > 0))
}

const reconcileAt = (text: string): string | null => (text === 'off' ? null : text)

/** Where services are recorded, and when; every end of a case unless the file says otherwise. */
export function ratingOf({ source, data }: Checked<GatewayFile>, systems: KnownSystems): Settings['rating'] {
  if (!data.rating) return null
  const { system, events } = data.rating
  referSystem(source, '/rating/system', system, systems, 'rating')
  return { system, events: events! }
}

/** Without it nobody knows where an address lies that names a street alone. */
export function cityOf({ source, data }: Checked<GatewayFile>, hasContracts: boolean): Settings['city'] {
  if (!data.city && hasContracts) {
    source.report(
      '',
      'Postal contracts need the city, e.g. city: { province: 河南省, name: 开封市 }',
      '有邮寄合同时须填写 city，例如 city: { province: 河南省, name: 开封市 }',
    )
  }
  return data.city ?? null
}

/** The machines that may call. */
export function clientsOf(
  { source, data }: Checked<GatewayFile>,
  places: SecretPlaces,
  systems: KnownSystems,
  divisions: ReadonlyMap<string, unknown> | undefined,
): Client[] {
  const seen = new Map<string, string>()
  const tokenOwners = new Map<string, string>()
  return (data.clients ?? []).map((client, index) => {
    const pointer = `/clients/${index}`
    referOnce(seen, source, `${pointer}/id`, { en: 'client', zh: '客户端' }, client.id)
    referDivisions(source, `${pointer}/divisions`, client.divisions, divisions)
    if (client.platform !== undefined) {
      referSystem(source, `${pointer}/platform`, client.platform, systems, 'platform')
    }
    const tokenHashes = client.tokens.flatMap((token, number): Buffer[] => {
      const hash = hashOf(source, `${pointer}/tokens/${number}`, token, places)
      if (!hash) return []
      const owner = tokenOwners.get(hash.toString('hex'))
      if (owner !== undefined) sayShared(source, `${pointer}/tokens/${number}`, owner)
      tokenOwners.set(hash.toString('hex'), client.id)
      return [hash]
    })
    const platform = client.platform === undefined ? {} : { platform: client.platform }
    const rate = client.rate ? { rate: client.rate } : {}
    return {
      id: client.id,
      tokenHashes,
      scopes: client.scopes,
      divisions: client.divisions,
      ...platform,
      ...rate,
    }
  })
}

function hashOf(
  source: Source,
  pointer: string,
  token: { env?: string; file?: string; sha256?: string },
  places: SecretPlaces,
): Buffer | undefined {
  if (token.sha256 !== undefined) return Buffer.from(token.sha256, 'hex')
  const value = readSecret(source, pointer, token, places)
  return value === undefined || value === 'reported' ? undefined : sha256(value)
}

function sayShared(source: Source, pointer: string, owner: string): void {
  source.report(
    pointer,
    `Client ${owner} has this token too: each token must tell who calls`,
    `客户端 ${owner} 也使用该令牌：每个令牌只能属于一个客户端`,
  )
}

/** Those whose password hash is given; an optional one that is not leaves its operator out. */
export function operatorsOf({ source, data }: Checked<GatewayFile>): Operator[] {
  const seen = new Map<string, string>()
  return (data.operators ?? []).flatMap((operator, index): Operator[] => {
    const pointer = `/operators/${index}`
    referOnce(seen, source, `${pointer}/id`, { en: 'operator', zh: '操作员' }, operator.id)
    const { passwordHash } = operator
    if (passwordHash === undefined) return []
    if (readPasswordHash(passwordHash) === null) {
      source.report(
        `${pointer}/passwordHash`,
        'This is not a password hash: make one with `tongban keys password`',
        '这不是口令摘要：请用 tongban keys password 生成',
      )
    }
    return [{ ...operator, passwordHash }]
  })
}

function portOf(env: Environment, report: Report): number | undefined {
  const text = variable(env, 'TONGBAN_PORT')
  if (text === undefined) return undefined
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65535) return port
  report(environmentProblem('TONGBAN_PORT', 'must be a port from 0 to 65535', '必须是 0 到 65535 的端口号'))
  return undefined
}

function publicUrlOf(env: Environment, report: Report): string | undefined {
  const text = variable(env, 'TONGBAN_PUBLIC_URL')
  if (text === undefined || /^https?:\/\/[^\s?#]+$/.test(text)) return text
  report(
    environmentProblem('TONGBAN_PUBLIC_URL', 'must be an http or https address', '必须是 http 或 https 地址'),
  )
  return undefined
}

function logLevelOf(env: Environment, report: Report): Settings['logLevel'] | undefined {
  const text = variable(env, 'LOG_LEVEL')
  const level = logLevels.find((each) => each === text)
  if (text === undefined || level) return level
  const listed = logLevels.join(', ')
  report(environmentProblem('LOG_LEVEL', `must be one of ${listed}`, `只能为：${listed}`))
  return undefined
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const
const MEBIBYTE = 2 ** 20
const GIBIBYTE = 2 ** 30
const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
