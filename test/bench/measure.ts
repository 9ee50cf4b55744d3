// What is measured of one contender, whichever it is: the same load, the same windows, the same books.

import { names } from './bodies.ts'
import type { BenchCity, Tally } from './city.ts'
import type { Contender, Meters } from './contenders.ts'
import { type Percentiles, percentiles } from './latency.ts'
import { drain, runClosedLoop, runOpenLoop } from './load.ts'
import type { BenchOptions } from './options.ts'

export const OPEN_LOOP_PER_SECOND = 100
export const DRAIN_WITHIN_MS = 60_000

export interface Books {
  accepted: number
  lost: number
  double: number
  failures: number
  firstFailures: string[]
}

export interface RelayFigures extends Books {
  casesPerSecond: number
  /** CPU ms per finished case in the measured window, by process; null where the system does not tell. */
  cpuMsPerCase: Record<keyof Meters, number | null>
  peakMemoryBytes: number | null
}

export interface LatencyFigures extends Books {
  perSecond: number
  /** From the intended moment of submitting: to the 202, and to the platform's last callback. */
  answered: Percentiles | null
  finished: Percentiles | null
}

export interface IntakeFigures extends Books {
  submissionsPerSecond: number
  cpuMsPerSubmission: Record<keyof Meters, number | null>
}

/** W1: as many cases as go through, a fixed number under way. */
export async function measureRelay(
  city: BenchCity,
  contender: Contender,
  options: BenchOptions,
): Promise<RelayFigures> {
  const { perSecond, cpu } = await closedLoop(city, contender, options, 'finished')
  await drain(city, DRAIN_WITHIN_MS)
  return {
    casesPerSecond: perSecond,
    cpuMsPerCase: cpu,
    peakMemoryBytes: contender.process.peakMemoryBytes(),
    ...booksOf(city.tally()),
  }
}

/** W1 at a fixed rate: what a case waits when the gateway is not full. */
export async function measureLatency(
  city: BenchCity,
  contender: Contender,
  options: BenchOptions,
): Promise<LatencyFigures> {
  city.aim({ port: contender.port, connections: options.connections })
  await runOpenLoop(city, {
    theme: names.relayTheme,
    perSecond: OPEN_LOOP_PER_SECOND,
    seconds: options.seconds,
  })
  await drain(city, DRAIN_WITHIN_MS)
  const tally = city.tally()
  return {
    perSecond: OPEN_LOOP_PER_SECOND,
    answered: percentiles(tally.answerTimes),
    finished: percentiles(tally.finalTimes),
    ...booksOf(tally),
  }
}

/**
 * Intake alone: submissions that are recorded and then wait. Nothing is delivered, so nothing is drained or
 * lost here.
 */
export async function measureIntake(
  city: BenchCity,
  contender: Contender,
  options: BenchOptions,
): Promise<IntakeFigures> {
  const { perSecond, cpu } = await closedLoop(city, contender, options, 'answered')
  return { submissionsPerSecond: perSecond, cpuMsPerSubmission: cpu, ...booksOf(city.tally()), lost: 0 }
}

async function closedLoop(
  city: BenchCity,
  contender: Contender,
  options: BenchOptions,
  until: 'answered' | 'finished',
) {
  city.aim({ port: contender.port, connections: options.connections })
  const meters = { start: contender.meters(), end: contender.meters() }
  const window = await runClosedLoop(city, {
    theme: until === 'answered' ? names.intakeTheme : names.relayTheme,
    until,
    inFlight: until === 'answered' ? options.connections : options.inFlight,
    warmUpMs: options.warmUpSeconds * 1000,
    seconds: options.seconds,
    onWindow: (edge) => {
      meters[edge] = contender.meters()
    },
  })
  return { perSecond: window.perSecond, cpu: perCase(meters.start, meters.end, window.count) }
}

function perCase(start: Meters, end: Meters, count: number): Record<keyof Meters, number | null> {
  const one = (name: keyof Meters) => {
    const [before, after] = [start[name], end[name]]
    return before === null || after === null || count === 0 ? null : (after - before) / count
  }
  return {
    process: one('process'),
    postgres: one('postgres'),
    redis: one('redis'),
    generator: one('generator'),
  }
}

function booksOf({ accepted, lost, double, failures, firstFailures }: Tally): Books {
  return { accepted, lost, double, failures, firstFailures }
}
