// Pushing many submissions at the gateway at once: which platform, theme, mode and manner each has follows
// from the seed, so that the same run can be made again with new numbers.

import { beijingTime } from './beijing-time.ts'
import type { Mode } from './platform/catalogue.ts'
import type { Platform, SubmitOrder } from './platform/index.ts'
import { fraction } from './random.ts'

export interface RunRequest {
  count: number
  /** Which of the offered themes and modes comes first, counted on from run to run. Default 0. */
  offset?: number
  /** Submissions in the making at once. Default 12. */
  concurrency?: number
  seed?: string
  /** Default: all that the gateway's catalogue offers. */
  themes?: readonly string[]
  modes?: readonly Mode[]
  /** Share sent as multipart with their files. Default 0.2. */
  multipart?: number
  /** Share made by the county platform in its own form. Default 0.15. */
  county?: number
  /** Share sent twice with the same key. Default 0.1. */
  repeat?: number
}

export interface RunProgress {
  id: string
  state: 'running' | 'done'
  asked: number
  accepted: number
  refused: number
  /** ISO 8601. */
  startedAt: string
  finishedAt: string | null
}

export interface Run {
  progress(): RunProgress
  finished: Promise<RunProgress>
}

const allModes: readonly Mode[] = ['online', 'agent', 'appointment']
const CONCURRENCY = 12
let runsMade = 0

export function startRun(platforms: { canonical: Platform; county: Platform }, request: RunRequest): Run {
  const id = `${beijingTime(Date.now()).replaceAll(/\D/g, '')}${String(++runsMade).padStart(2, '0')}`
  const progress: RunProgress = {
    id,
    state: 'running',
    asked: request.count,
    accepted: 0,
    refused: 0,
    startedAt: new Date().toISOString(),
    finishedAt: null,
  }
  let next = 0
  const worker = async (offers: readonly Offer[]) => {
    while (next < request.count) {
      const { order, county } = orderFor(id, request, offers, next++)
      const accepted = await (county ? platforms.county : platforms.canonical).submit(order)
      if (accepted) progress.accepted++
      else progress.refused++
    }
  }
  const run = async (): Promise<RunProgress> => {
    const offers = await offersFor(platforms.canonical, request)
    if (offers.length === 0) progress.refused = request.count
    else await Promise.all(Array.from({ length: concurrencyOf(request) }, () => worker(offers)))
    progress.state = 'done'
    progress.finishedAt = new Date().toISOString()
    return progress
  }
  return { progress: () => ({ ...progress }), finished: run() }
}

const concurrencyOf = ({ concurrency, count }: RunRequest): number =>
  Math.min(concurrency ?? CONCURRENCY, count)

interface Offer {
  theme: string
  mode: Mode
}

/** Every theme in every mode that it has; what nobody offers is asked for only when nothing else is. */
async function offersFor(platform: Platform, request: RunRequest): Promise<Offer[]> {
  const known = await platform.themes()
  const themes = request.themes ?? known.map(({ code }) => code)
  const pairs = (request.modes ?? allModes).flatMap((mode) => themes.map((theme) => ({ theme, mode })))
  const offered = pairs.filter(({ theme, mode }) =>
    known.some((one) => one.code === theme && one.modes.includes(mode)),
  )
  return offered.length > 0 ? offered : pairs
}

function orderFor(
  runId: string,
  request: RunRequest,
  offers: readonly Offer[],
  i: number,
): { order: SubmitOrder; county: boolean } {
  const seed = `${request.seed ?? '1'} ${i}`
  const county = fraction(seed, 'county') < (request.county ?? 0.15)
  const order = {
    externalId: `${county ? 'XQ' : 'KF'}${runId}${String(i + 1).padStart(6, '0')}`,
    seed,
    ...offers[(i + (request.offset ?? 0)) % offers.length]!,
    multipart: fraction(seed, 'multipart') < (request.multipart ?? 0.2),
    repeat: fraction(seed, 'repeat') < (request.repeat ?? 0.1),
  }
  return { order, county }
}
