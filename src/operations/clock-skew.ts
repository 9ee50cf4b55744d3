// The machine's clock against the database's: a figure for Prometheus, and a warning when it is too far off.
// Nothing that is due depends on it, but what is signed or shown does.

import { Gauge, type Registry } from 'prom-client'

/** Beyond this a process refuses to start, and warns while it runs. */
export const MAX_SKEW_MS = 2_000
const WARN_EVERY_MS = 60_000

export function watchSkew(registry: Registry, skewMs: () => number): void {
  new Gauge({
    name: 'tongban_clock_skew_seconds',
    help: "The database's time minus this machine's",
    registers: [registry],
    collect() {
      this.set(skewMs() / 1000)
    },
  })
}

/** Hears every measurement; warns at most once a minute. */
export function skewWarning(
  warn: (sentence: string) => void,
  now: () => number = () => performance.now(),
): (skewMs: number) => void {
  let warnedAt = Number.NEGATIVE_INFINITY
  return (skewMs) => {
    if (Math.abs(skewMs) <= MAX_SKEW_MS || now() - warnedAt < WARN_EVERY_MS) return
    warnedAt = now()
    const ms = Math.round(skewMs)
    warn(
      `This machine's clock is ${ms} ms off the database's. Synchronise the clocks (NTP). 本机时钟与数据库相差 ${ms} 毫秒，请用 NTP 校时。`,
    )
  }
}
