// How often a log-in may be tried. Counts before the password is looked at, so that tries in parallel gain
// nothing. It lives in one process and forgets at restart; it must never lock an account for everyone at once
// after a few tries from one place, nor keep those out who are known at a place because somebody else guesses there.

const WINDOW_MS = 15 * 60 * 1000
const MAX_KEYS = 20_000
const limits = { pair: 5, address: 20, account: 50 } as const
type Counted = readonly [kind: keyof typeof limits, key: string]

export interface LoginLimits {
  /** 0 when a try is allowed, otherwise the ms to wait. An allowed try is counted. */
  attempt(account: string, address: string): number
  /** A right password takes back what the try was counted, and makes the account known at the address. */
  succeeded(account: string, address: string): void
}

interface Tally {
  count: number
  endsAt: number
}

export function loginLimits(now: () => number = Date.now): LoginLimits {
  const tallies = new Map<string, Tally>()
  /** Pairs that had the right password once: five wrong ones in a row hold them up, and nothing that others do. */
  const known = new Set<string>()

  function current(key: string): Tally | undefined {
    const tally = tallies.get(key)
    return tally !== undefined && tally.endsAt > now() ? tally : undefined
  }

  function count(key: string): void {
    const tally = current(key)
    if (tally !== undefined) {
      tally.count++
      return
    }
    tallies.delete(key)
    if (tallies.size >= MAX_KEYS) makeRoom()
    tallies.set(key, { count: 1, endsAt: now() + WINDOW_MS })
  }

  function makeRoom(): void {
    for (const [key, tally] of tallies) if (tally.endsAt <= now()) tallies.delete(key)
    const oldest = tallies.keys().next()
    if (tallies.size >= MAX_KEYS && !oldest.done) tallies.delete(oldest.value)
  }

  function waitMs([kind, key]: Counted): number {
    const tally = current(key)
    return tally !== undefined && tally.count >= limits[kind] ? tally.endsAt - now() : 0
  }

  function counted(account: string, address: string): Counted[] {
    const pair: Counted = ['pair', pairOf(account, address)]
    if (known.has(pair[1])) return [pair]
    return [pair, ['address', `address ${address}`], ['account', `account ${account}`]]
  }

  function remember(pair: string): void {
    if (known.size >= MAX_KEYS) known.delete(known.values().next().value!)
    known.add(pair)
  }

  return {
    attempt(account, address) {
      const keys = counted(account, address)
      const wait = Math.max(...keys.map(waitMs))
      if (wait === 0) for (const [, key] of keys) count(key)
      return wait
    },
    succeeded(account, address) {
      for (const [kind, key] of counted(account, address)) {
        const tally = tallies.get(key)
        if (tally === undefined) continue
        if (kind === 'pair') tallies.delete(key)
        else tally.count--
      }
      remember(pairOf(account, address))
    },
  }
}

const pairOf = (account: string, address: string): string => `pair ${address} ${account}`
