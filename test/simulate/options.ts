// The command line of the simulation. Must refuse what it does not know.

import { parseArgs } from 'node:util'
import { type Profile, profiles } from './faults.ts'
import type { SimulateOptions } from './run.ts'

export interface SimulateCommand extends SimulateOptions {
  /** One life only, told event by event. */
  replay: number | null
  json: boolean
  /** Null: as many as there are cores. */
  threads: number | null
}

export const help = `npm run simulate -- [options]

Lives the lives of random submissions through the pure domain: random catalogues, departments, carriers, applicants and
clocks, with faults of theirs and of the database, and looks at every law after every event. All cores, no engines. Exit
status 1 when a law did not hold; what broke it is printed and lived again by --replay.
用随机目录、部门、邮政、申请人和时钟，在纯领域模型中模拟成千上万件申办的一生，每个事件之后检查全部规则。

  --cases <n>          until there are so many cases (default 100000)
  --seed <n>           the same seed, the same lives, the same digest (default 1)
  --faults <profile>   none, default or harsh (default default)
  --no-shrink          print all events that led to a broken law, not the fewest that break it
  --replay <seed:life> one life, event by event; with the --faults it was lived with
  --threads <n>        the same lives by so many threads (default: as many as there are cores)
  --json               print the result as JSON
  --help`

const definitions = {
  cases: { type: 'string', default: '100000' },
  seed: { type: 'string', default: '1' },
  faults: { type: 'string', default: 'default' },
  shrink: { type: 'boolean', default: true },
  replay: { type: 'string' },
  threads: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** The options, or null when help was asked for. Throws an Error with a sentence for the caller. */
export function readOptions(args: string[]): SimulateCommand | null {
  const { values } = parseArgs({ args, options: definitions, strict: true, allowNegative: true })
  if (values.help) return null
  const place = values.replay === undefined ? null : readPlace(values.replay)
  return {
    cases: whole('cases', values.cases),
    seed: place?.seed ?? whole('seed', values.seed),
    faults: readProfile(values.faults),
    shrink: values.shrink,
    replay: place?.life ?? null,
    json: values.json,
    threads: values.threads === undefined ? null : whole('threads', values.threads),
  }
}

function readPlace(value: string): { seed: number; life: number } {
  const parts = /^(\d+):(\d+)$/.exec(value)
  if (!parts) throw new Error(`--replay must be <seed>:<life>, for example 1:917, not ${value}`)
  return { seed: Number(parts[1]), life: Number(parts[2]) }
}

function readProfile(value: string): Profile {
  if (Object.hasOwn(profiles, value)) return value as Profile
  throw new Error(`--faults must be ${Object.keys(profiles).join(', ')}, not ${value}`)
}

function whole(name: string, value: string): number {
  const number = Number(value)
  if (Number.isSafeInteger(number) && number > 0) return number
  throw new Error(`--${name} must be a whole number above 0, not ${value}`)
}
