// A slot that is named for a case under way: taken from the hall's book, where it is one of ours.

import { stored } from '../http/ledger-away.ts'
import { problem } from '../http/problems.ts'
import type { Client } from '../settings/settings.ts'
import type { IntakeDeps } from './accept.ts'
import type { OwnCase } from './own-submission.ts'

/**
 * What was asked, with its slot by the id and time that cases know it by. A seat that the case then does not
 * take is free again minutes later. @throws problem `invalid-request` at `pointer` when the slot cannot be
 * had
 */
export async function withSlot<T extends { slot?: string; startsAt?: string }>(
  deps: IntakeDeps,
  client: Client,
  { submission: { externalId }, one: { matter } }: OwnCase,
  asked: T,
  pointer: string,
): Promise<T> {
  if (asked.slot === undefined) return asked
  const taker = { platform: client.platform ?? '', client: client.id, externalId, matters: [matter.code] }
  const slot = await stored(deps.bookings.take(asked.slot, taker))
  if (slot === null) return asked
  if ('code' in slot) throw problem('invalid-request', { errors: [{ ...slot, pointer }] })
  return { ...asked, slot: slot.id, startsAt: slot.from }
}
