// Percentiles of measured times. Keeps every value: a bench run is small, and a sketch would only add doubt.

export interface Percentiles {
  count: number
  /** ms */
  p50: number
  p99: number
  max: number
}

/** `times` in ms, in any order; null for none. Nearest-rank percentiles. */
export function percentiles(times: readonly number[]): Percentiles | null {
  if (times.length === 0) return null
  const sorted = Float64Array.from(times).sort()
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
  return { count: sorted.length, p50: rank(0.5), p99: rank(0.99), max: sorted[sorted.length - 1]! }
}
