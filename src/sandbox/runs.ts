// Pushing many submissions at the gateway at once: which platform, theme, mode and manner each has follows
// from the seed, so that the same run can be made again with new numbers.

import { beijingTime } from './beijing-time.ts'
import type { Mode } from './platform/catalogue.ts'
import type { Platform, SubmitOrder } from './platform/index.ts'
import { fraction } from './random.ts'

export interface RunRequest {
  count: number
  /** Submissions in the making at once. Default 12. */
  concurrency?: number
  seed?: string
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

export const cityThemes = [
  'open-restaurant',
  'newborn',
  'house-transfer',
  'bereavement',
  'retirement',
] as const
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
  const worker = async () => {
    while (next < request.count) {
      const { order, county } = orderFor(id, request, next++)
      const accepted = await (county ? platforms.county : platforms.canonical).submit(order)
      if (accepted) progress.accepted++
      else progress.refused++
    }
  }
  const workers = Array.from({ length: Math.min(request.concurrency ?? CONCURRENCY, request.count) }, worker)
  const finished = Promise.all(workers).then(() => {
    progress.state = 'done'
    progress.finishedAt = new Date().toISOString()
    return progress
  })
  return { progress: () => ({ ...progress }), finished }
}

function orderFor(runId: string, request: RunRequest, i: number): { order: SubmitOrder; county: boolean } {
  const seed = `${request.seed ?? '1'} ${i}`
  const themes = request.themes ?? cityThemes
  const modes = request.modes ?? allModes
  const county = fraction(seed, 'county') < (request.county ?? 0.15)
  const order = {
    externalId: `${county ? 'XQ' : 'KF'}${runId}${String(i + 1).padStart(6, '0')}`,
    seed,
    theme: themes[i % themes.length]!,
    mode: modes[Math.floor(i / themes.length) % modes.length]!,
    multipart: fraction(seed, 'multipart') < (request.multipart ?? 0.2),
    repeat: fraction(seed, 'repeat') < (request.repeat ?? 0.1),
  }
  return { order, county }
}
