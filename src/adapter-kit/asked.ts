// The contract's part for systems that do not push: those that are polled, that empty an inbox, that are asked where a
// parcel is, that list what they have. Types only; adapters import them from contract.ts.

import type { Contents, FollowedParcel, Operation } from './contents.ts'
import type { Attempt, ExternalEvent } from './contract.ts'
import type { AdapterFailure } from './failures.ts'

/**
 * Reading what happened from a system that cannot push. One process at a time reads a system. What was read is recorded
 * first and settled after, so after a crash the same items are read again: events are recognised by their ids, and
 * `settle` must bear being told twice.
 */
export interface Polling {
  /**
   * The next items, at most a page (a few hundred), oldest first. `after` is the `cursor` of the last page
   * that was recorded; undefined at first. Throws AdapterFailure like `send`.
   */
  read(after: string | undefined, attempt: Attempt): Promise<PolledPage>
  /** Told when every item is durable or was refused: mark rows, move files, write acknowledgements. */
  settle?(items: readonly SettledItem[], attempt: Attempt): Promise<void>
}

export interface PolledPage {
  items: readonly PolledItem[]
  /**
   * Kept by the gateway, and given to the next `read`, once all items are settled. Absent: the system itself
   * remembers (flags, moved files).
   */
  cursor?: string
  /** There is more at once; otherwise it is asked again after the configured interval. */
  more: boolean
  /** What is wrong with the page, though its items can be read: told once they are recorded. */
  failure?: AdapterFailure
}

export interface PolledItem {
  /** The system's own handle of it: a row's key, a file's name. */
  key: string
  events: readonly ExternalEvent[]
  /** The exact bytes received, kept as evidence. */
  body: Buffer
  mediaType: string
  /** Set when it cannot be read: kept as evidence, shown to operators, settled as unreadable. */
  failure?: AdapterFailure
}

export interface SettledItem {
  key: string
  outcome: 'recorded' | 'duplicate' | 'refused' | 'unknown' | 'unreadable'
  /** Why it was not taken, in both languages; for the system's own failure column or reject file. */
  reason?: string
}

/** Systems that empty an inbox themselves. */
export interface Inbox {
  /** The operations that wait in the inbox; they need no entry in `outgoing`. */
  operations: readonly Operation[]
  /** What the system gets to read for one transfer: plain JSON. Files go as links of `attempt.files.link`. */
  show(operation: Operation, content: Contents[Operation], attempt: Attempt): Promise<unknown> | unknown
}

export interface Tracking {
  /**
   * The parcel's whole known trail. Throws AdapterFailure like `send` when nothing of the answer can be believed; a scan
   * that alone cannot be read hides no other.
   */
  read(parcel: FollowedParcel, attempt: Attempt): Promise<Trail>
}

export interface Trail {
  /** Oldest first, repeated ones too: they are recognised by their ids. */
  events: readonly ExternalEvent[]
  /** Scans that are not understood: kept as evidence, shown to operators, and read again the next time. */
  unread?: readonly Unread[]
}

/** A line of a longer answer that cannot be read. */
export interface Unread {
  failure: AdapterFailure
  /** The system's own words. */
  body: Buffer
  mediaType: string
}

export interface Listing {
  /** The cases or orders of one day in China's time (yyyy-MM-dd), in any order, page after page. */
  list(day: string, attempt: Attempt): AsyncIterable<ListedItem>
}

export interface ListedItem {
  /** Our id (case, parcel) where the system keeps it … */
  id?: string
  /** … and its own number. */
  reference?: string
  /** Where it stands, in our word (a case event or parcel event type), when the system says. */
  state?: string
}
