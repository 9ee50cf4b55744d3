// The simulated city as a process of its own, driven by its control routes. Its books are its own:
// it never looks into the ledger.

import { fileURLToPath } from 'node:url'
import type { CityBooks, CityProgress } from '../../src/sandbox/city.ts'
import { answersOk, type RunningProcess, startProcess } from '../support/process.ts'
import type { FaultOptions } from './options.ts'

const main = fileURLToPath(new URL('../../src/sandbox/main.ts', import.meta.url))

export interface CityProcess {
  process: RunningProcess
  /** Begins to submit; resolves at once. */
  run(count: number, seed: number): Promise<void>
  progress(): Promise<Progress>
  /** The books of every institution. */
  books(): Promise<CityBooks>
  stop(): Promise<void>
}

interface Progress {
  accepted: number
  /** Answered with a refusal that repeating does not mend; no submission of the city deserves one. */
  refused: number
  /** Every submission asked for was answered. */
  finished: boolean
  /** What an institution failed to do. */
  errors: string[]
}

interface CityPlace {
  port: number
  gatewayUrl: string
  env: Record<string, string>
}

export async function startCityProcess(place: CityPlace, options: FaultOptions): Promise<CityProcess> {
  const url = `http://127.0.0.1:${place.port}`
  const settings = {
    port: place.port,
    gateway: place.gatewayUrl,
    seed: options.seed,
    speed: options.speed,
    faults: options.cityFaults,
  }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const city = await startProcess(process.execPath, [main, ...args], {
    name: 'city',
    env: place.env,
    ready: answersOk(`${url}/progress`),
  })
  return {
    process: city,
    run: async (count, seed) => void (await call(`${url}/run`, { count, seed })),
    progress: async () => progressOf((await call(`${url}/progress`)) as CityProgress),
    books: async () => (await call(`${url}/books`)) as CityBooks,
    stop: async () => void (await city.stop()),
  }
}

function progressOf({ accepted, refused, errors, runs }: CityProgress): Progress {
  return { accepted, refused, errors, finished: runs.every((run) => run.state === 'done') }
}

async function call(url: string, body?: unknown): Promise<unknown> {
  const init =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(30_000) })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}
