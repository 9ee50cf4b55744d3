// The command line of the fault run. Must refuse what it does not know.

import { parseArgs } from 'node:util'
import { hasRedis } from '../support/redis.ts'

export type Queues = 'postgres' | 'redis'

export interface FaultOptions {
  kills: number
  submissions: number
  seed: number
  /** How badly the city itself behaves: its own fault profiles. */
  cityFaults: 'none' | 'default' | 'harsh'
  /** Divides the city's waiting times. */
  speed: number
}

interface FaultCommand extends FaultOptions {
  queues: Queues[]
  json: boolean
}

/** What CI runs: the same in little. */
export const slice: FaultOptions = { kills: 3, submissions: 100, seed: 1, cityFaults: 'default', speed: 20 }
export const full: FaultOptions = { kills: 20, submissions: 2_000, seed: 1, cityFaults: 'default', speed: 10 }

export const help = `npm run faults -- [options]

Kills the gateway at random moments while a simulated city submits, empties and restarts Redis, crashes PostgreSQL,
then compares the city's own books with the ledger, line by line. Exit status 1 when anything is lost, double or stuck.
在模拟城市持续申办期间随机杀死网关、清空并重启 Redis、使 PostgreSQL 崩溃重启，随后逐条核对城市账目与台账。

  --kills <n>          times the gateway is killed with SIGKILL (default ${full.kills})
  --submissions <n>    (default ${full.submissions})
  --queues <engine>    postgres, redis or both (default both; redis needs redis-server on PATH)
  --seed <n>           the same seed, the same city and the same plan of disturbances (default ${full.seed})
  --city <profile>     the city's own faults: none, default or harsh (default ${full.cityFaults})
  --speed <n>          how fast the city lives (default ${full.speed})
  --slice              the short run of CI: ${slice.kills} kills, ${slice.submissions} submissions
  --json               print the result as JSON
  --help`

const definitions = {
  kills: { type: 'string' },
  submissions: { type: 'string' },
  queues: { type: 'string', default: 'both' },
  seed: { type: 'string' },
  city: { type: 'string' },
  speed: { type: 'string' },
  slice: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** The options, or null when help was asked for. Throws an Error with a sentence for the caller. */
export function readOptions(args: string[]): FaultCommand | null {
  const { values } = parseArgs({ args, options: definitions, strict: true })
  if (values.help) return null
  const base = values.slice ? slice : full
  return {
    kills: whole('kills', values.kills, base.kills),
    submissions: whole('submissions', values.submissions, base.submissions),
    seed: whole('seed', values.seed, base.seed),
    speed: whole('speed', values.speed, base.speed),
    cityFaults: readProfile(values.city ?? base.cityFaults),
    queues: readQueues(values.queues),
    json: values.json,
  }
}

function whole(name: string, value: string | undefined, otherwise: number): number {
  if (value === undefined) return otherwise
  if (!/^\d{1,9}$/.test(value)) throw new Error(`--${name} must be a whole number, not ${value}`)
  return Number(value)
}

function readProfile(value: string): FaultOptions['cityFaults'] {
  if (value === 'none' || value === 'default' || value === 'harsh') return value
  throw new Error(`--city must be none, default or harsh, not ${value}`)
}

function readQueues(value: string): Queues[] {
  if (value === 'both') return hasRedis() ? ['postgres', 'redis'] : ['postgres']
  if (value !== 'postgres' && value !== 'redis')
    throw new Error(`--queues must be postgres, redis or both, not ${value}`)
  if (value === 'redis' && !hasRedis()) throw new Error('--queues redis needs redis-server on PATH')
  return [value]
}
