// What the end of a transfer means for the case it was for.

import { askForUncollected } from './awaited-paper.ts'
import { giveUp, vouchFor } from './by-hand.ts'
import { askInstead } from './certificates.ts'
import type { Rules } from './decide.ts'
import { delivered } from './delivered.ts'
import {
  changeParcel,
  changeTransfer,
  type Draft,
  enter,
  findParcel,
  findTransfer,
  isOpen,
  refuse,
  type Step,
  settle,
} from './draft.ts'
import type { DomainEvent } from './events.ts'
import { isLookUp } from './look-ups.ts'
import { giveUpRecall, isTooLate, turnOrderAway } from './recall.ts'
import type { Transfer } from './submission.ts'
import { markTurnedAway, refuseWhenOver, unmarkTurnedAway } from './turned-away.ts'

type Settling = Extract<DomainEvent, { type: `transfer.${string}` }>

export function settleTransfer(draft: Draft, event: Settling, rules: Rules): Step {
  const one = findTransfer(draft, event.transferId)
  if (!one || !isOpen(one)) return 'duplicate'
  switch (event.type) {
    case 'transfer.delivered':
      return delivered(settle(draft, one, 'delivered'), one, event.receipt, rules)
    case 'transfer.refused':
      if (isTooLate(draft, one)) return giveUpRecall(draft, one)
      if (one.operation === 'submitCase' && !event.inDoubt) return turnAway(draft, one, event.reason)
      if (one.operation === 'createOrder' && !event.inDoubt)
        return orderRefused(draft, one, event.reason, rules)
      return (isLookUp(one) ? askInstead(draft, one, event, rules) : null) ?? bury(draft, one, event.reason)
    case 'transfer.buried':
      if (one.operation === 'submitCase' && event.neverSent) return turnAway(draft, one, event.reason)
      return bury(draft, one, event.reason)
    case 'transfer.revived':
      return revive(draft, one, event, rules)
    case 'transfer.vouched':
      return vouchFor(draft, one, event, rules)
    case 'transfer.given-up':
      return giveUp(draft, one, event, rules)
  }
}

/** Refused for certain, or never sent; one that is dead already waits for its person. */
function turnAway(draft: Draft, one: Transfer, reason: string): Step {
  if (one.state === 'dead') return 'duplicate'
  return refuseWhenOver(draft, one, reason) ?? bury(markTurnedAway(draft, one), one, reason)
}

/** A person may have it sent again; who waits for the paper is asked for it meanwhile. */
function orderRefused(draft: Draft, one: Transfer, reason: string, rules: Rules): Step {
  if (one.state === 'dead') return 'duplicate'
  const told = turnOrderAway(draft, one, reason) ?? draft
  if (!isOpen(findTransfer(told, one.id)!)) return told
  const buried = asDead(told, one, reason)
  const parcel = 'parcel' in one.about ? findParcel(buried, one.about.parcel) : undefined
  return parcel ? askForUncollected(buried, parcel, rules) : buried
}

function revive(
  draft: Draft,
  one: Transfer,
  event: DomainEvent & { type: 'transfer.revived' },
  rules: Rules,
): Step {
  if (one.state !== 'dead') return refuse('only a dead letter can be sent again', '只有死信可以重新投递')
  const named = one.operation === 'createOrder' ? nameCarrier(draft, one, rules) : draft
  if ('missing' in named)
    return refuse(`it still cannot go: ${named.missing}`, `仍然无法投递：${named.missing}`)
  const again = unmarked(named, one)
  const due = changeTransfer(again, one.id, { state: 'due', reason: '' })
  const { by, reason } = event
  return enter(due, 'transfer.revived', one.caseId, draft.now, { transfer: one.id, by, reason })
}

/** Sent again, it may be taken. */
function unmarked(draft: Draft, one: Transfer): Draft {
  if (one.operation === 'submitCase') return unmarkTurnedAway(draft, one.caseId!)
  const parcel =
    one.operation === 'createOrder' && 'parcel' in one.about ? findParcel(draft, one.about.parcel) : undefined
  return parcel?.turnedAway ? changeParcel(draft, parcel.id, { turnedAway: undefined }) : draft
}

/** An order that was never with a carrier, for want of a contract, goes to the one that the county has now. */
function nameCarrier(draft: Draft, one: Transfer, rules: Rules): Draft | { missing: string } {
  const parcel = 'parcel' in one.about ? findParcel(draft, one.about.parcel) : undefined
  if (parcel?.system !== '') return draft
  const contract = rules.postal(draft.aggregate.submission.homeDivision, draft.now)
  if ('missing' in contract) return contract
  return changeTransfer(changeParcel(draft, parcel.id, contract), one.id, { system: contract.system })
}

const bury = (draft: Draft, one: Transfer, reason: string): Step =>
  one.state === 'dead' ? 'duplicate' : asDead(draft, one, reason)

function asDead(draft: Draft, one: Transfer, reason: string): Draft {
  const dead = changeTransfer(draft, one.id, { state: 'dead', reason })
  return enter(dead, 'transfer.buried', one.caseId, draft.now, {
    transfer: one.id,
    system: one.system,
    operation: one.operation,
    reason,
  })
}
