// One real attempt at an adapter's own check (a mere connection where it has none), and what can be seen
// beside it: how it failed, what time it is over there, how long certificates are good. Has no effect on the
// system beyond that of `check`.

import { cannedFiles } from '../../adapter-kit/conformance/stage.ts'
import type { Adapter, Attempt } from '../../adapter-kit/contract.ts'
import { AdapterFailure } from '../../adapter-kit/failures.ts'
import type { HttpClient, SystemHttpClient, TlsOptions } from '../../adapter-kit/http.ts'
import { originOf, originsIn } from '../../adapter-kit/origins.ts'
import { systemHttpClient } from '../../adapter-kit/system-client.ts'
import { newId } from '../../identifiers.ts'
import { type Expiry, expiryOf, ourExpiry } from './certificates.ts'
import type { Configured } from './configured.ts'
import { type Dialled, dial } from './dial.ts'

export interface Probe {
  /** Every origin the settings name. */
  origins: readonly string[]
  ms: number
  outcome: Outcome
  /** The last failure that HTTP itself met, even where the adapter made a summary of it. */
  failure: AdapterFailure | undefined
  /** Their clock minus ours, s; undefined where no answer told the time. Good to a second. */
  skewSeconds: number | undefined
  expiries: readonly Expiry[]
}

type Outcome =
  | { ok: boolean; summary: string }
  | { failed: unknown }
  /** Its adapter has no check: every origin, connected to and left. */
  | { dialled: readonly Dialled[] }

/** @param now ours by the database's clock, where there is one */
export async function probe(one: Configured, now: () => Date): Promise<Probe> {
  const { system, manifest } = one
  const { baseUrl, tls } = (system.settings ?? {}) as { baseUrl?: string; tls?: TlsOptions }
  const origins = [
    ...new Set([
      ...(baseUrl === undefined ? [] : [originOf(baseUrl)]),
      ...originsIn(manifest.settings, system.settings),
    ]),
  ]
  const began = performance.now()
  const watch = watcher(now)
  const { timeoutMs } = system.delivery
  const checked = await attemptCheck(one, watch.around, now)
  const outcome =
    checked === 'no check'
      ? { dialled: await Promise.all(origins.map((origin) => dial(origin, tls, timeoutMs))) }
      : checked
  const ms = Math.round(performance.now() - began)
  const secure = origins.filter((origin) => origin.startsWith('https:'))
  const asked = secure.map((origin) => expiryOf(origin, tls, timeoutMs).catch(() => undefined))
  const expiries = [...(await Promise.all(asked)), ourExpiry(tls)].filter((found) => found !== undefined)
  return { origins, ms, outcome, ...watch.seen(), expiries }
}

async function attemptCheck(
  { system, manifest }: Configured,
  around: (http: HttpClient) => HttpClient,
  now: () => Date,
): Promise<Exclude<Outcome, { dialled: unknown }> | 'no check'> {
  const { timeoutMs } = system.delivery
  let adapter: Adapter | undefined
  let client: SystemHttpClient | undefined
  try {
    client = systemHttpClient(manifest, system.settings, { timeoutMs, connections: 1 })
    adapter = manifest.create(system.settings)
    if (!adapter.check) return 'no check'
    const signal = AbortSignal.timeout(timeoutMs)
    const attempt: Attempt = {
      signal,
      http: around(client.forAttempt(signal)),
      key: newId('trf'),
      number: 1,
      now,
      files: cannedFiles(),
    }
    return await adapter.check(attempt)
  } catch (failed) {
    return { failed }
  } finally {
    await client?.close()
    await adapter?.close?.().catch(() => undefined)
  }
}

function watcher(now: () => Date) {
  let failure: AdapterFailure | undefined
  let skewSeconds: number | undefined
  return {
    seen: () => ({ failure, skewSeconds }),
    around: (http: HttpClient): HttpClient => ({
      target: http.target,
      async request(asked) {
        const before = now().getTime()
        try {
          const answer = await http.request(asked)
          skewSeconds = skewOf(answer.headers.date, before, now().getTime()) ?? skewSeconds
          return answer
        } catch (error) {
          if (error instanceof AdapterFailure) failure = error
          throw error
        }
      },
    }),
  }
}

/** The Date header is whole seconds of the moment the answer was made, so up to one second less is no difference. */
function skewOf(date: unknown, before: number, after: number): number | undefined {
  const theirs = typeof date === 'string' ? Date.parse(date) : Number.NaN
  if (Number.isNaN(theirs)) return undefined
  const ms = theirs > after ? theirs - after : Math.min(theirs + 1_000 - before, 0)
  return Math.round(ms / 1_000)
}
