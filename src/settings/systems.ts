// config/systems/*.yaml: each outside system with its adapter's own settings, checked by the adapter's schema.
// Adapters are given by the caller; none is created here.

import { setImmediate as breath } from 'node:timers/promises'
import type { Subscription, SystemFile } from '../../schemas/types.ts'
import type { AdapterManifest } from '../adapter-kit/contract.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { unknownPattern } from '../domain/public-events.ts'
import { bookedMattersOf, checkBookedMatters } from './booked-matters.ts'
import { type Checked, reportErrors } from './checked.ts'
import { stem } from './files.ts'
import { type KnownSystems, kinds, refer, referDivisions } from './references.ts'
import { type Check, compileSchema } from './schemas.ts'
import { resolveSecrets, type SecretPlaces } from './secrets.ts'
import { pushScopes, type Scope, type SystemSettings } from './settings.ts'
import type { Source } from './yaml-source.ts'

/** Every system that a file is named after, even when the file has problems, with its adapter's kind. */
export function knownSystems(
  sources: readonly Source[],
  adapters: ReadonlyMap<string, AdapterManifest>,
): KnownSystems {
  return new Map(
    sources.map((source) => {
      const adapter = (source.data as { adapter?: unknown } | null | undefined)?.adapter
      return [stem(source), typeof adapter === 'string' ? adapters.get(adapter)?.kind : undefined]
    }),
  )
}

interface SystemContext {
  adapters: ReadonlyMap<string, AdapterManifest>
  places: SecretPlaces
  /** Undefined while it has problems of its own. */
  catalogue: Pick<Catalogue, 'divisions' | 'themes' | 'matters'> | undefined
  /** What each of gateway.yaml may do, by id; undefined while that file has problems. */
  clients: ReadonlyMap<string, readonly Scope[]> | undefined
}

/**
 * The systems by id. Problems are reported; a system with problems is still in the answer. Takes a breath
 * before each: compiling what an adapter's settings must be takes up to 70 ms, and at a reload there are
 * callers to be answered meanwhile.
 */
export async function systemsOf(
  files: readonly Checked<SystemFile>[],
  context: SystemContext,
): Promise<Map<string, SystemSettings>> {
  const systems = new Map<string, SystemSettings>()
  for (const file of files) {
    await breath()
    checkReferences(file, context)
    checkAdapterSettings(file, context)
    checkBookedMatters(file, context.adapters.get(file.data.adapter)?.kind, context.catalogue)
    systems.set(stem(file.source), systemOf(file))
  }
  return systems
}

function systemOf({ source, data }: Checked<SystemFile>): SystemSettings {
  const delivery = data.delivery!
  return {
    id: stem(source),
    adapter: data.adapter,
    title: data.title,
    divisions: data.divisions!,
    delivery: {
      concurrency: delivery.concurrency!,
      timeoutMs: delivery.timeoutMs!,
      retry: {
        baseMs: delivery.retry!.baseMs!,
        maxMs: delivery.retry!.maxMs!,
        forMs: delivery.retry!.forMs!,
      },
      breaker: { failures: delivery.breaker!.failures!, openMs: delivery.breaker!.openMs! },
    },
    polling: { everyMs: data.polling!.everyMs! },
    pushClients: data.pushClients!,
    subscribes: data.subscribes!,
    ...(data.appointments ? { appointments: bookedMattersOf(data) } : {}),
    settings: data.settings,
  }
}

function checkReferences({ source, data }: Checked<SystemFile>, context: SystemContext): void {
  if (!/^[a-z0-9][a-z0-9-]{0,59}$/.test(stem(source))) {
    source.report(
      '',
      `The file's name is the system's id: only small letters, digits and hyphens`,
      '文件名即系统标识：只能使用小写字母、数字和连字符',
    )
  }
  refer(source, '/adapter', kinds.adapter, data.adapter, context.adapters)
  referDivisions(source, '/divisions', data.divisions ?? [], context.catalogue?.divisions)
  checkPushClients(source, data, context)
  for (const [index, one] of (data.subscribes ?? []).entries())
    checkSubscription(source, `/subscribes/${index}`, one, context)
}

/** A client without a scope that fits would be refused at its first message. */
function checkPushClients(source: Source, data: SystemFile, { clients, adapters }: SystemContext): void {
  if (!clients) return
  const kind = adapters.get(data.adapter)?.kind
  const push = (kind && pushScopes[kind]) ?? []
  // Of a department it may be there to empty the inbox alone.
  const fitting: readonly Scope[] = kind === 'department' ? [...push, 'systems:inbox'] : push
  for (const [index, client] of (data.pushClients ?? []).entries()) {
    const pointer = `/pushClients/${index}`
    if (!refer(source, pointer, kinds.client, client, clients) || fitting.length === 0) continue
    if (fitting.some((scope) => clients.get(client)!.includes(scope))) continue
    source.report(
      pointer,
      `Client ${client} may not push here: give it the scope ${fitting.join(' or ')} in config/gateway.yaml`,
      `客户端 ${client} 无权在此推送：请在 config/gateway.yaml 中为其授予 ${fitting.join(' 或 ')}`,
    )
  }
}

function checkSubscription(source: Source, pointer: string, one: Subscription, context: SystemContext): void {
  if (typeof one === 'string') {
    referType(source, pointer, one)
    return
  }
  const { catalogue } = context
  for (const [index, type] of (one.types ?? []).entries())
    referType(source, `${pointer}/types/${index}`, type)
  referDivisions(source, `${pointer}/divisions`, one.divisions ?? [], catalogue?.divisions)
  if (!catalogue) return
  for (const [index, theme] of (one.themes ?? []).entries())
    refer(source, `${pointer}/themes/${index}`, kinds.theme, theme, catalogue.themes)
  for (const [index, matter] of (one.matters ?? []).entries())
    refer(source, `${pointer}/matters/${index}`, kinds.matter, matter, catalogue.matters)
}

function referType(source: Source, pointer: string, type: string): void {
  const unknown = unknownPattern(type)
  if (unknown) source.report(pointer, unknown.en, unknown.zh)
}

/** Compiled once: the configuration may be read often while the gateway runs. */
const checks = new WeakMap<AdapterManifest, Check>()

function checkAdapterSettings({ source, data }: Checked<SystemFile>, context: SystemContext): void {
  const manifest = context.adapters.get(data.adapter)
  if (!manifest) return
  const reported = resolveSecrets(source, '/settings', data.settings, manifest.settings, context.places)
  const check = checks.get(manifest) ?? compileSchema(manifest.settings, { useDefaults: true })
  checks.set(manifest, check)
  const errors = check(data.settings)
  reportErrors(source, '/settings', errors, reported)
  if (errors.length > 0) return
  if (manifest.needsPushClients?.(data.settings) && (data.pushClients ?? []).length === 0)
    refuseUnproved(source, data)
  if (!mayNotify(manifest, data.settings)) refuseSubscriptions(source, data)
}

/** Where nothing in a message proves who sends it, whoever reaches the gateway could say what became of a case. */
function refuseUnproved(source: Source, { adapter }: SystemFile): void {
  source.report(
    '',
    `Adapter ${adapter}, with these settings, proves no sender by itself: pushClients must name the clients that may call, e.g. pushClients: [health]`,
    `适配器 ${adapter} 按此设置不验证来源：须在 pushClients 中列出允许调用的客户端，如 pushClients: [health]`,
  )
}

/** Registries, carriers, rating and booking systems are told things by other operations. */
function mayNotify(manifest: AdapterManifest, settings: unknown): boolean {
  const { kind } = manifest
  if (kind !== 'department' && kind !== 'platform') return false
  return manifest.canNotify?.(settings) ?? true
}

/** Each event would become a dead letter. */
function refuseSubscriptions(source: Source, { adapter, subscribes = [] }: SystemFile): void {
  if (subscribes.length === 0) return
  source.report(
    '/subscribes',
    `A system of adapter ${adapter} with these settings cannot be called back: add what the adapter's README says of callbacks (notify) to settings, or take subscribes away`,
    `适配器 ${adapter} 的此项设置无法回调：请按适配器说明在 settings 中配置回调（notify），或删去 subscribes`,
    'key',
  )
}
