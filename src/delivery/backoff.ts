// How long to wait before the next attempt: exponential with full jitter, so that a recovered system is not
// met by everyone at once.

/**
 * ms before attempt `made + 1`. Never less than half of `baseMs`, so that a failing system is not spun on.
 * With baseMs = 1 s and maxMs = 15 min the upper bounds are 1 s, 2 s, 4 s … 8.5 min, 15 min, 15 min.
 */
export function backoffMs(
  made: number,
  retry: { baseMs: number; maxMs: number },
  random: () => number = Math.random,
): number {
  const ceiling = Math.min(retry.maxMs, retry.baseMs * 2 ** Math.min(made - 1, 30))
  return Math.round(Math.max(retry.baseMs / 2, random() * ceiling))
}
