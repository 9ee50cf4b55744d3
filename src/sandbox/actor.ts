// One pretend institution of the simulated city. Each speaks its real wire format over HTTP under /<name>,
// and keeps its own books, which are later compared with the ledger. Faults are added from outside (faults.ts);
// an actor itself is always honest.

import type { FastifyInstance } from 'fastify'
import type { FaultBoard } from './faults.ts'

export interface Actor {
  /** Mounted at /<name>. */
  name: string
  routes(app: FastifyInstance): void | Promise<void>
  books(): ActorBooks
  /** Ends timers and pending callbacks. */
  stop?(): Promise<void>
}

/** What an institution wrote down by itself, never asking the gateway. */
export interface ActorBooks {
  /** One line per thing it took responsibility for. */
  effects: BookLine[]
  /** Counters worth printing: requests, duplicates refused, callbacks sent … */
  counts: Record<string, number>
}

export interface BookLine {
  /** What was done: 'case', 'supplement', 'withdrawal', 'parcel', 'submission', 'event' … */
  kind: string
  /** The gateway's id for it (case id, parcel id, event id). */
  key: string
  /** The institution's own number. */
  reference: string
  /** How many times it took effect; more than 1 is a double. */
  times: number
  /** Where it stands by these books. */
  state: string
}

/** What every actor gets from the city. */
export interface CityContext {
  /** What institutions suffer that are not spoken to by HTTP; absent: nothing. */
  board?: FaultBoard
  /** Uniform [0,1), deterministic by seed and actor. */
  random(): number
  /** Base URL of the gateway, no trailing slash. */
  gatewayUrl: string
  /** Divides all waiting times of the pretended world: 1 is unhurried (seconds), larger is faster. */
  speed: number
  /**
   * Runs after `ms` of pretended time (`ms / speed` real ones: do not divide again), unless the city stops;
   * errors are counted, never thrown.
   */
  later(ms: number, action: () => Promise<void> | void): void
  /**
   * Sends to the gateway as that institution would, repeating until answered 2xx or 4xx; may be repeated or
   * reordered by faults.
   */
  push(actor: string, request: PushRequest): Promise<{ status: number; body: string }>
}

export interface PushRequest {
  method: 'POST'
  /** Path with query. */
  path: string
  headers: Record<string, string>
  body: string | Buffer
  /** Headers made anew for every try, such as a signature with its time and nonce. */
  sign?(): Record<string, string>
}
