// How badly the city behaves, in figures. Every share is of requests, between 0 and 1; every time is real
// milliseconds, because time-outs of the gateway are real too.

export interface Faults {
  /** 503 before anything was done. */
  unavailable: number
  /** Answered after `slowMs`. */
  slow: number
  slowMs: number
  /** The effect happened, then the connection is destroyed instead of an answer. */
  lost: number
  /** The effect happened, then silence for `silentMs` before the connection is destroyed. */
  silent: number
  silentMs: number
  /** 429 with Retry-After `retryAfterSeconds`. */
  throttled: number
  retryAfterSeconds: number
  /** A maintenance page in HTML with 200. Leads to dead letters, so no profile has it. */
  garbage: number
  /** Unreachable for `downForMs` out of every `downEveryMs`; 0 is never. Each actor at its own moment. */
  downEveryMs: number
  downForMs: number
  /** Pushes to the gateway: sent once more after they were taken. */
  repeated: number
  /** Pushes held for up to `delayedMs`. */
  delayed: number
  delayedMs: number
  /** Pushes held so long that the next of their case comes first. */
  overtaken: number
  overtakenMs: number
}

export const profileNames = ['none', 'default', 'harsh'] as const
export type ProfileName = (typeof profileNames)[number]

const none: Faults = {
  unavailable: 0,
  slow: 0,
  slowMs: 400,
  lost: 0,
  silent: 0,
  silentMs: 2_000,
  throttled: 0,
  retryAfterSeconds: 1,
  garbage: 0,
  downEveryMs: 0,
  downForMs: 0,
  repeated: 0,
  delayed: 0,
  delayedMs: 200,
  overtaken: 0,
  overtakenMs: 1_200,
}

/**
 * `default` leaves outages and most throttling to `harsh`: each opens a breaker or holds a whole queue for seconds,
 * which a short run would spend waiting.
 */
export const profiles: Readonly<Record<ProfileName, Faults>> = {
  none,
  default: {
    ...none,
    unavailable: 0.05,
    slow: 0.05,
    lost: 0.04,
    silent: 0.005,
    throttled: 0.002,
    repeated: 0.1,
    delayed: 0.1,
    overtaken: 0.05,
  },
  harsh: {
    ...none,
    unavailable: 0.15,
    slow: 0.15,
    slowMs: 1_000,
    lost: 0.12,
    silent: 0.02,
    silentMs: 4_000,
    throttled: 0.05,
    downEveryMs: 20_000,
    downForMs: 4_000,
    repeated: 0.3,
    delayed: 0.25,
    delayedMs: 800,
    overtaken: 0.15,
    overtakenMs: 3_000,
  },
}

export function isProfileName(text: unknown): text is ProfileName {
  return profileNames.some((name) => name === text)
}

/** The profile with single figures changed; throws RangeError naming the figure that is none of them or no number. */
export function adjusted(base: Faults, changes: Record<string, unknown>): Faults {
  const result: Record<string, number> = { ...base }
  for (const [name, value] of Object.entries(changes)) {
    if (!(name in none))
      throw new RangeError(`Unknown fault "${name}"; known: ${Object.keys(none).join(', ')}`)
    if (typeof value !== 'number' || !(value >= 0))
      throw new RangeError(`Fault "${name}" must be a number from 0`)
    result[name] = value
  }
  return result as unknown as Faults
}
