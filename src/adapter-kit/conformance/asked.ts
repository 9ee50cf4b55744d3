// Samples of what is asked rather than handed over: polling, tracking, listing, and the questions without effect.
// What comes back is made plain, so that a sample can write it down.

import type { Adapter, Attempt, FollowedParcel, Question } from '../contract.ts'
import { AdapterFailure } from '../failures.ts'
import type { Sample } from './sample.ts'

/** @throws Error when the adapter does not offer what the sample asks */
export async function askedOf(adapter: Adapter, sample: Sample, attempt: Attempt): Promise<unknown> {
  const { asks, asked } = sample
  if (asks === 'poll') {
    if (!adapter.polling) throw new Error('the adapter cannot be polled')
    return plain(await adapter.polling.read(asked as string | undefined, attempt))
  }
  if (asks === 'track') {
    if (!adapter.tracking) throw new Error('the adapter cannot track')
    return plain(await adapter.tracking.read(asked as FollowedParcel, attempt))
  }
  if (asks === 'list') {
    if (!adapter.listing) throw new Error('the adapter cannot list')
    const items: unknown[] = []
    for await (const item of adapter.listing.list(String(asked), attempt)) items.push(item)
    return plain(items)
  }
  const question = adapter.questions?.[asks as Question] as
    | ((asked: unknown, attempt: Attempt) => Promise<unknown>)
    | undefined
  if (!question) throw new Error(`the adapter answers no question '${asks}'`)
  return plain(await question(asked, attempt))
}

/** Bytes as text, failures as what they say, members without a value left out. */
function plain(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('utf8')
  if (value instanceof AdapterFailure) return { kind: value.kind, code: value.code }
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([name, one]) => [name, plain(one)]),
  )
}
