// tongban system check: whether configured systems can be spoken to, as an operator reads it.

import { AdapterFailure } from '../../adapter-kit/failures.ts'
import { secretsIn } from '../../adapter-kit/secrets.ts'
import { inspectDatabase } from '../../ledger/inspect.ts'
import { describeProblem } from '../../settings/problems.ts'
import type { Settings } from '../../settings/settings.ts'
import { places, readCommandLine } from '../command-line.ts'
import { readSettings } from '../settings.ts'
import type { Expiry } from './certificates.ts'
import { type Configured, configured, onlyId } from './configured.ts'
import type { Dialled } from './dial.ts'
import { type Mask, secretMask } from './masking.ts'
import { type Probe, probe } from './probe.ts'
import { refusal } from './refusal.ts'
import { explainFailure, sentenceOf } from './sentences.ts'

const help = `tongban system check <id> | --all [--config folder] [--data folder]

Asks a system, without any effect, whether our address, credentials and clock are right, and looks how long its
certificate is good. Where its adapter has no check, each address is only connected to. Ends with status 0 when
everything asked is in order; warnings do not count.
检查地址、凭证、时钟与证书有效期，不产生任何业务影响；适配器不提供检查时只测试能否连通；全部正常时退出状态为 0。

  --all      every configured system, one after the other in the answer, all at once in truth
`

/** Signatures are refused beyond 300 s. */
const MOST_SKEW_S = 300
const WARN_SKEW_S = 30
const WARN_DAYS = 30

export async function checkSystem(args: string[]): Promise<number> {
  const line = readCommandLine(args, help, { all: { type: 'boolean' }, ...places }, 'names')
  if (!line) return 0
  const { values, positionals } = line
  if (values.all && positionals.length > 0)
    throw new Error('system check takes an id or --all, not both · 标识与 --all 只能填一个')
  const wanted = values.all ? undefined : onlyId(positionals, 'check')
  const { settings, adapters } = await readSettings(values)
  const ids = wanted === undefined ? [...settings.systems.keys()].sort() : [wanted]
  const systems = ids.map((id) => configured(settings, adapters, id))
  const clock = await clockOf(settings)
  const findings = await Promise.all(systems.map((one) => look(settings.configDir, one, clock)))
  process.stdout.write(`${systems.map((one, index) => block(one, findings[index]!)).join('\n')}`)
  const bad = findings.filter((list) => list.some(({ mark }) => mark === '✘')).length
  if (wanted === undefined)
    process.stdout.write(
      `\n${systems.length - bad} in order, ${bad} not · 正常 ${systems.length - bad} 个，异常 ${bad} 个\n`,
    )
  return bad === 0 ? 0 : 1
}

interface Clock {
  now(): Date
  whose: string
}

/** The database's, as attempts use it; the embedded one is on this machine. */
async function clockOf({ databaseUrl }: Settings): Promise<Clock> {
  if (databaseUrl === null) return { now: () => new Date(), whose: 'ours · 本机' }
  try {
    const { skewMs } = await inspectDatabase(databaseUrl)
    return { now: () => new Date(Date.now() + skewMs), whose: "the database's · 数据库" }
  } catch {
    return { now: () => new Date(), whose: 'ours (the database does not answer) · 本机（数据库无应答）' }
  }
}

interface Finding {
  mark: '✔' | '✘' | '!' | '–'
  what: string
  says: string
}

const title = {
  settings: '设置 settings',
  address: '地址 address',
  credentials: '凭证 credentials',
  answer: '应答 answer',
  clock: '时钟 clock',
  tls: '证书 TLS',
} as const

async function look(configDir: string, one: Configured, clock: Clock): Promise<Finding[]> {
  const refused = await refusal(configDir, one)
  if (!refused) return findingsOf(one, await probe(one, clock.now), clock)
  const says = describeProblem(configDir, refused.problem).trimStart()
  return [{ mark: '✘', what: title.settings, says: secretMaskOf(one)(says) }]
}

const secretMaskOf = ({ manifest, system }: Configured): Mask =>
  secretMask(secretsIn(manifest.settings, system.settings))

function findingsOf(one: Configured, found: Probe, { whose }: Clock): Finding[] {
  const mask = secretMaskOf(one)
  return [
    ...addressAndCredentials(found, noCheckOf(one)),
    clockFinding(found.skewSeconds, whose),
    ...tlsFindings(found),
  ].map((finding) => ({ ...finding, says: mask(finding.says) }))
}

function addressAndCredentials({ outcome, failure, origins, ms }: Probe, noCheck: string): Finding[] {
  const place = origins.join(', ') || 'not HTTP · 非 HTTP'
  if ('dialled' in outcome)
    return outcome.dialled.length > 0
      ? [...outcome.dialled.map(dialledFinding), { mark: '–', what: title.credentials, says: noCheck }]
      : [{ mark: '–', what: title.address, says: `${place}: ${noCheck}` }]
  if (!('failed' in outcome) && outcome.ok)
    return [
      { mark: '✔', what: title.address, says: `${place}, ${ms} ms` },
      { mark: '✔', what: title.credentials, says: outcome.summary },
    ]
  const thrown = 'failed' in outcome ? outcome.failed : undefined
  const known = thrown instanceof AdapterFailure ? thrown : failure
  const says = thrown === undefined && !('failed' in outcome) ? outcome.summary : explainFailure(thrown)
  const more = thrown === undefined && known ? `\n    ${sentenceOf(known.kind)}` : ''
  const reached = known !== undefined && known.kind !== 'uncertain' && known.sent
  if (known && !reached) return [{ mark: '✘', what: title.address, says: `${place}: ${says}${more}` }]
  const what = known?.kind === 'unauthorised' ? title.credentials : title.answer
  return [
    { mark: known ? '✔' : '–', what: title.address, says: place },
    { mark: '✘', what, says: `${says}${more}` },
  ]
}

function noCheckOf({ manifest }: Configured): string {
  const { properties = {} } = manifest.settings as { properties?: Record<string, unknown> }
  return Object.hasOwn(properties, 'check')
    ? 'its adapter offers no check before `check` is set in its settings · 在设置中配置 check 后方可检查'
    : 'its adapter offers no check · 适配器不提供检查'
}

function dialledFinding({ origin, ms, failed }: Dialled): Finding {
  const what = title.address
  if (failed === undefined) return { mark: '✔', what, says: `${origin}, connected in ${ms} ms · 已连通` }
  const says = `${origin}: no connection (${failed}) · 无法连接\n    ${sentenceOf('unavailable')}`
  return { mark: '✘', what, says }
}

function clockFinding(skew: number | undefined, whose: string): Finding {
  const what = title.clock
  if (skew === undefined) return { mark: '–', what, says: 'no answer told the time · 应答未给出时间' }
  const says = `${skew === 0 ? 'the same as' : `${skew > 0 ? '+' : ''}${skew} s from`} ${whose}`
  if (Math.abs(skew) > MOST_SKEW_S)
    return { mark: '✘', what, says: `${says}: signatures are refused beyond ${MOST_SKEW_S} s · 请校时 (NTP)` }
  return { mark: Math.abs(skew) > WARN_SKEW_S ? '!' : '✔', what, says }
}

function tlsFindings({ expiries, origins }: Probe): Finding[] {
  if (expiries.length > 0) return expiries.map(expiryFinding)
  const plain = origins.filter((origin) => origin.startsWith('http:'))
  return plain.length === 0
    ? []
    : [{ mark: '–', what: title.tls, says: `${plain.join(', ')} is not encrypted · 未加密` }]
}

function expiryFinding({ of, daysLeft }: Expiry): Finding {
  const what = title.tls
  const whose = of === 'ours' ? 'our certificate · 我方证书' : of
  if (daysLeft === null) return { mark: '–', what, says: `${whose}: no certificate could be read` }
  if (daysLeft < 0)
    return { mark: '✘', what, says: `${whose}: expired ${-daysLeft} days ago · 已过期 ${-daysLeft} 天` }
  return {
    mark: daysLeft < WARN_DAYS ? '!' : '✔',
    what,
    says: `${whose}: ${daysLeft} days left · 剩余 ${daysLeft} 天`,
  }
}

function block({ system }: Configured, findings: readonly Finding[]): string {
  const head = `${system.id}  ${system.title.zh} · ${system.title.en}  (${system.adapter})`
  return `${[head, ...findings.map(({ mark, what, says }) => `  ${mark} ${what.padEnd(16)} ${says}`)].join('\n')}\n`
}
