// Turns the figures of a run into tables for people. Every number is from the run at hand; nothing is
// remembered or rounded up.

import { cpus, totalmem } from 'node:os'
import type { DecideFigures } from './decide.ts'
import type { FileBench } from './files.ts'
import type { Percentiles } from './latency.ts'
import type { Books, RelayFigures } from './measure.ts'
import { OPEN_LOOP_PER_SECOND } from './measure.ts'
import type { ReadsFigures } from './reads.ts'
import type { Figures, GatewayFigures, RelayBench } from './run.ts'
import { number, table } from './table.ts'
import type { W2Result } from './w2.ts'

const MIB = 1024 * 1024

export function machineLine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown CPU'
  return `${cpus().length} × ${model}, ${Math.round(totalmem() / 1024 / MIB)} GiB, Node ${process.version}; load, gateway and engines on the same machine`
}

/** --decide as text. */
export const decideLine = ({ eventsPerSecond, eventsPerCpuSecond }: DecideFigures): string =>
  `decide, one core: ${Math.round(eventsPerSecond)} events/s (${Math.round(eventsPerCpuSecond)} for each second of CPU)\n`

/** Gateway figures beside the limit's, and their ratio. */
interface Ratios {
  queues: string
  relay: number | null
  relayPreloaded: number | null
  /** Preloaded against the empty ledger measured right after it. */
  preloadedToEmpty: number | null
  intake: number | null
  /** Times the relay written by hand on the same engines. */
  timesByHand: { relay: number | null; intake: number | null }
}

export function ratiosOf({ limit, gateways }: RelayBench): Ratios[] {
  const relayLimit = mean([limit.before.relay?.casesPerSecond, limit.after.relay?.casesPerSecond])
  const intakeLimit = mean([
    limit.before.intake?.submissionsPerSecond,
    limit.after.intake?.submissionsPerSecond,
  ])
  return gateways.map((one) => ({
    queues: one.queues,
    relay: ratio(one.relay?.casesPerSecond, relayLimit),
    relayPreloaded: ratio(one.preloaded?.relay?.casesPerSecond, relayLimit),
    preloadedToEmpty: ratio(one.preloaded?.relay?.casesPerSecond, one.preloaded?.emptyAgain?.casesPerSecond),
    intake: ratio(one.intake?.submissionsPerSecond, intakeLimit),
    timesByHand: {
      relay: ratio(one.relay?.casesPerSecond, one.byHand?.relay?.casesPerSecond),
      intake: ratio(one.intake?.submissionsPerSecond, one.byHand?.intake?.submissionsPerSecond),
    },
  }))
}

/** The whole of --w1, --intake and --reads as text. */
export function relayTables(bench: RelayBench): string {
  const contenders: [string, Figures][] = [
    ['limit (bare relay)', bench.limit.before],
    ...bench.gateways.flatMap(({ queues, byHand, ...one }): [string, Figures][] => [
      [`gateway, ${queues}`, one],
      ...(byHand ? [[`by hand, ${queues}`, byHand] satisfies [string, Figures]] : []),
    ]),
    ['limit again', bench.limit.after],
  ]
  const ratios = ratiosOf(bench)
  const ratioOf = (name: string, part: 'relay' | 'intake' | 'relayPreloaded') =>
    number(ratios.find((one) => name.startsWith(`gateway, ${one.queues}`))?.[part], 2)
  const full = bench.gateways.filter((one) => one.preloaded?.relay !== undefined)
  return [
    relayTable(bench, contenders, full, ratioOf),
    ...full.map((one) => fullLedgerLine(one, ratios)),
    latencyTable(contenders),
    intakeTable(contenders, ratioOf),
    ...ratios.map(timesLine),
    ...bench.gateways.map(readsTable),
    ...contenders.flatMap(([name, figures]) => failureLines(name, figures)),
    ...bench.gateways.flatMap(({ queues, reads }) => readFailures(queues, reads)),
  ]
    .filter((text) => text !== '')
    .join('\n')
}

function timesLine({ queues, timesByHand: { relay, intake } }: Ratios): string {
  const times = [
    ...(relay === null ? [] : [`${number(relay, 1)} times its cases`]),
    ...(intake === null ? [] : [`${number(intake, 1)} times its submissions`]),
  ]
  return times.length === 0 ? '' : `gateway against by hand, ${queues}: ${times.join(', ')}\n`
}

type RatioOf = (name: string, part: 'relay' | 'intake' | 'relayPreloaded') => string

function relayTable(
  bench: RelayBench,
  contenders: [string, Figures][],
  full: GatewayFigures[],
  ratioOf: RatioOf,
): string {
  const rows = contenders.flatMap(([name, { relay }]) =>
    relay === undefined ? [] : [relayRow(name, relay, ratioOf(name, 'relay'))],
  )
  const mappedRows = bench.gateways.flatMap(({ queues, mapped }) =>
    mapped === undefined ? [] : [relayRow(`gateway, ${queues}, body by JSONata`, mapped, '—')],
  )
  const fullRows = full.flatMap((one) => {
    const name = `gateway, ${one.queues}`
    const { cases, relay, emptyAgain } = one.preloaded!
    return [
      relayRow(`${name}, ${cases} in ledger`, relay!, ratioOf(name, 'relayPreloaded')),
      ...(emptyAgain ? [relayRow(`${name}, empty again`, emptyAgain, '')] : []),
    ]
  })
  const head = [
    'W1 case relay',
    'cases/s',
    'of limit',
    'CPU ms/case',
    'postgres',
    'redis',
    'generator',
    'peak MiB',
    'cases',
    'lost',
    'double',
  ]
  return table(head, [...rows, ...mappedRows, ...fullRows])
}

function relayRow(name: string, relay: RelayFigures, ofLimit: string): string[] {
  const cpu = relay.cpuMsPerCase
  const peak = relay.peakMemoryBytes === null ? null : relay.peakMemoryBytes / MIB
  return [
    name,
    number(relay.casesPerSecond, 0),
    ofLimit,
    ...[cpu.process, cpu.postgres, cpu.redis, cpu.generator].map((value) => number(value, 3)),
    number(peak, 0),
    ...booksCells(relay),
  ]
}

function fullLedgerLine(one: GatewayFigures, ratios: Ratios[]): string {
  const { cases, fillSeconds } = one.preloaded!
  const toEmpty = ratios.find(({ queues }) => queues === one.queues)?.preloadedToEmpty
  return `${one.queues}: with ${cases} finished cases in the ledger (filled in ${number(fillSeconds, 0)} s) the relay runs at ${number(toEmpty, 2)} of its rate on an empty one measured right after it\n`
}

function latencyTable(contenders: [string, Figures][]): string {
  const rows = contenders.flatMap(([name, { latency }]) =>
    latency === undefined
      ? []
      : [[name, ...spread(latency.answered), ...spread(latency.finished), ...booksCells(latency)]],
  )
  const head = [
    `W1 at ${OPEN_LOOP_PER_SECOND}/s, ms`,
    '202 p50',
    'p99',
    'max',
    'end p50',
    'p99',
    'max',
    'cases',
    'lost',
    'double',
  ]
  return table(head, rows)
}

function intakeTable(contenders: [string, Figures][], ratioOf: RatioOf): string {
  const rows = contenders.flatMap(([name, { intake }]) => {
    if (intake === undefined) return []
    const cpu = intake.cpuMsPerSubmission
    const used = [cpu.process, cpu.postgres, cpu.generator].map((value) => number(value, 3))
    return [
      [
        name,
        number(intake.submissionsPerSecond, 0),
        ratioOf(name, 'intake'),
        ...used,
        String(intake.accepted),
      ],
    ]
  })
  return table(
    ['intake alone', 'intake/s', 'of limit', 'CPU ms each', 'postgres', 'generator', 'accepted'],
    rows,
  )
}

function readsTable({ queues, reads }: GatewayFigures): string {
  if (reads === undefined) return ''
  const rows = Object.entries(reads.times).map(([name, times]) => [
    name,
    ...spread(times),
    String(times?.count ?? 0),
  ])
  const head = `reads at ${reads.perSecond}/s, ms (${queues}, ${reads.cases} cases in ledger)`
  const { process, postgres } = reads.cpuMsPerRead
  const cpu = `CPU ms per read: gateway ${number(process, 3)}, postgres ${number(postgres, 3)}\n`
  return table([head, 'p50', 'p99', 'max', 'answers'], rows) + cpu
}

function readFailures(queues: string, reads: ReadsFigures | undefined): string[] {
  if (reads === undefined || reads.failures === 0) return []
  return [`gateway, ${queues}: ${reads.failures} reads failed, first:\n  ${reads.firstFailures.join('\n  ')}`]
}

function failureLines(name: string, figures: Figures): string[] {
  return [figures.relay, figures.latency, figures.intake].flatMap((part) =>
    part === undefined || part.failures === 0
      ? []
      : [`${name}: ${part.failures} requests failed, first:\n  ${part.firstFailures.join('\n  ')}`],
  )
}

/** The whole of --w2 as text. */
export function fileTable({ limit, gateway, ratio, bigRatio }: FileBench): string {
  const row = (name: string, one: W2Result, of: number | null, ofBig: number | null) => [
    name,
    number(one.MBps, 0),
    number(of, 2),
    number(one.p50, 0),
    number(one.p99, 0),
    number(one.peakMemoryBytes === null ? null : one.peakMemoryBytes / MIB, 0),
    number(one.bigMBps, 0),
    number(ofBig, 2),
    number(one.bigPeakMemoryBytes === null ? null : one.bigPeakMemoryBytes / MIB, 0),
  ]
  const head = [
    'W2 files',
    'MB/s',
    'of limit',
    'p50 ms',
    'p99 ms',
    'peak MiB',
    'large MB/s',
    'of limit',
    'peak MiB',
  ]
  return table(head, [
    row('limit (bare stream)', limit.before, null, null),
    row('gateway', gateway, ratio, bigRatio),
    row('limit again', limit.after, null, null),
  ])
}

function booksCells({ accepted, lost, double }: Books): string[] {
  return [accepted, lost, double].map(String)
}

function spread(times: Percentiles | null): string[] {
  return [times?.p50, times?.p99, times?.max].map((value) => number(value, 1))
}

function mean(values: (number | undefined)[]): number | null {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}

function ratio(value: number | undefined, of: number | null | undefined): number | null {
  return value === undefined || of === null || of === undefined || of === 0 ? null : value / of
}
