// What an operator decides of one dead letter, recorded: the order goes with it, so that it is known when it is given again.

import type { DomainEvent } from '../domain/events.ts'
import { stored } from '../http/ledger-away.ts'
import { contradicted, problem } from '../http/problems.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { transfersOf } from '../ledger/reads.ts'
import { type Given, partAbout } from './order-once.ts'

type Decided = DomainEvent & { type: 'transfer.revived' | 'transfer.vouched' | 'transfer.given-up' }

/** @throws problem `not-found`, `conflict-state` or `idempotency-conflict` where it was not done */
export async function recordAbout(
  ledger: Ledger,
  submissionId: string,
  event: Decided,
  given?: Given,
): Promise<void> {
  const change = { submissionId, event, ...partAbout(given, event.transferId) }
  const { outcome, reason } = await stored(ledger.record(change))
  // Replayed: whoever was at this order before died between recording it and answering.
  if (outcome === 'applied' || outcome === 'replayed') return
  if (outcome === 'conflict') throw problem('idempotency-conflict')
  if (outcome === 'refused') throw contradicted(reason)
  const state = await stateOf(ledger, submissionId, event.transferId)
  throw contradicted({
    en: `only a dead letter can be sent again or closed by hand: this transfer is ${state}`,
    zh: `只有死信可以重新投递或人工办结：该流转状态为 ${state}`,
  })
}

/** @throws problem `not-found` */
export async function stateOf(ledger: Ledger, submissionId: string, transferId: string): Promise<string> {
  const all = await stored(transfersOf(ledger.readers, submissionId))
  const one = all.find(({ id }) => id === transferId)
  if (!one) throw problem('not-found')
  return one.state
}
