// The command line of the bench. Must refuse what it does not know, so that a mistyped option is never a silent default.

import { parseArgs } from 'node:util'
import { hasRedis } from '../support/redis.ts'

export type Queues = 'postgres' | 'redis'

export interface BenchOptions {
  parts: { w1: boolean; intake: boolean; reads: boolean; w2: boolean; decide: boolean }
  queues: Queues[]
  /** Length of each measured window. */
  seconds: number
  warmUpSeconds: number
  /** Cases under way at once in the closed loop. */
  inFlight: number
  connections: number
  /** The relay written by hand, too. */
  byHand: boolean
  mapped: boolean
  /** Finished cases put into the ledger before a second relay measurement; 0 for none. */
  preload: number
  w2: { files: number; fileBytes: number; bigBytes: number; concurrency: number }
  json: boolean
}

export const help = `npm run bench -- [options]

Measures the gateway as a real process, and in the same run the limit: a bare relay that makes the same hops in memory.
测量真实网关进程，并在同一次运行中测量内存裸转发作为上限。

  --w1                 case relay: submission, department, callback, platform (rate; latency at 100/s)
  --intake             POST /v1/submissions alone
  --reads              checklist, submissions, cases and events at 500/s: p50 and p99 of each (with --preload on a full ledger)
  --w2                 files: many of a few MiB, and one large
  --decide             events that one core decides, without engines
                       (none of the five: all)
  --queues <engine>    postgres, redis or both (default both; redis needs redis-server on PATH)
  --seconds <n>        measured seconds per figure (default 10)
  --warm-up <n>        seconds before each (default 10)
  --in-flight <n>      cases under way at once (default 512)
  --connections <n>    connections of the load generator (default 256: as many may wait for a commit)
  --mapped             measure the relay once more with the department's body made by JSONata
  --by-hand            measure too what a careful team writes by hand: a statement for each request, a job for each transfer
  --preload <n>        fill the ledger with n finished cases; measure the relay again, and the reads then (e.g. 1000000)
  --files <n> --file-mib <n> --big-mib <n> --concurrency <n>    sizes of --w2 (default 200, 5, 1024, 4)
  --json               print the result as JSON
  --help`

const MIB = 1024 * 1024

const definitions = {
  w1: { type: 'boolean', default: false },
  intake: { type: 'boolean', default: false },
  reads: { type: 'boolean', default: false },
  w2: { type: 'boolean', default: false },
  decide: { type: 'boolean', default: false },
  queues: { type: 'string', default: 'both' },
  seconds: { type: 'string', default: '10' },
  'warm-up': { type: 'string', default: '10' },
  'in-flight': { type: 'string', default: '512' },
  connections: { type: 'string', default: '256' },
  mapped: { type: 'boolean', default: false },
  'by-hand': { type: 'boolean', default: false },
  preload: { type: 'string', default: '0' },
  files: { type: 'string', default: '200' },
  'file-mib': { type: 'string', default: '5' },
  'big-mib': { type: 'string', default: '1024' },
  concurrency: { type: 'string', default: '4' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** The options, or null when help was asked for. Throws an Error with a sentence for the caller. */
export function readOptions(args: string[]): BenchOptions | null {
  const { values } = parseArgs({ args, options: definitions, strict: true })
  if (values.help) return null
  const { w1, intake, reads, w2, decide } = values
  const all = !(w1 || intake || reads || w2 || decide)
  return {
    parts: {
      w1: all || w1,
      intake: all || intake,
      reads: all || reads,
      w2: all || w2,
      decide: all || decide,
    },
    queues: readQueues(values.queues),
    seconds: positive('seconds', values.seconds),
    warmUpSeconds: positive('warm-up', values['warm-up']),
    inFlight: positive('in-flight', values['in-flight']),
    connections: positive('connections', values.connections),
    mapped: values.mapped,
    byHand: values['by-hand'],
    preload: values.preload === '0' ? 0 : positive('preload', values.preload),
    w2: {
      files: positive('files', values.files),
      fileBytes: positive('file-mib', values['file-mib']) * MIB,
      bigBytes: positive('big-mib', values['big-mib']) * MIB,
      concurrency: positive('concurrency', values.concurrency),
    },
    json: values.json,
  }
}

function readQueues(value: string): Queues[] {
  if (value === 'both') return hasRedis() ? ['postgres', 'redis'] : ['postgres']
  if (value !== 'postgres' && value !== 'redis')
    throw new Error(`--queues must be postgres, redis or both, not ${value}`)
  if (value === 'redis' && !hasRedis()) throw new Error('--queues redis needs redis-server on PATH')
  return [value]
}

function positive(name: string, value: string): number {
  const number = Number(value)
  if (!(number > 0)) throw new Error(`--${name} must be a number above 0, not ${value}`)
  return number
}
