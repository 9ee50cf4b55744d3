// Kuaidi100's own books: one line per waybill that it was told to follow, and what it has seen of it.
// Knows nothing of HTTP or of the gateway.

import type { ActorBooks } from '../actor.ts'

interface Scan {
  time: string
  context: string
  /** 0 在途, 1 揽收, 2 疑难, 3 签收, 5 派件. */
  state: string
}

export interface Subscription {
  com: string
  num: string
  phone: string | undefined
  callbackUrl: string
  salt: string
  /** Oldest first. */
  scans: Scan[]
  lastMoment: number
}

export interface Kuaidi100Books {
  find(num: string): Subscription | undefined
  enter(about: Omit<Subscription, 'scans' | 'lastMoment'>): Subscription
  count(what: string): void
  read(): ActorBooks
}

const words: Readonly<Record<string, string>> = {
  '0': 'in-transit',
  '1': 'collected',
  '2': 'delivery-failed',
  '3': 'delivered',
  '5': 'out-for-delivery',
}

export function openKuaidi100Books(): Kuaidi100Books {
  const followed = new Map<string, Subscription>()
  const counts: Record<string, number> = {}
  return {
    find: (num) => followed.get(num),
    enter(about) {
      const one: Subscription = { ...about, scans: [], lastMoment: 0 }
      followed.set(about.num, one)
      return one
    },
    count(what) {
      counts[what] = (counts[what] ?? 0) + 1
    },
    read: () => ({ effects: [...followed.values()].map(bookLine), counts: { ...counts } }),
  }
}

/** The callback's address is all that it knows of the gateway's own number. */
function bookLine({ num, callbackUrl, scans }: Subscription) {
  const key = new URL(callbackUrl).searchParams.get('parcel') ?? num
  return {
    kind: 'parcel',
    key,
    reference: num,
    times: 1,
    state: words[scans.at(-1)?.state ?? ''] ?? 'followed',
  }
}
