// What the end of a transfer means for the case it was for.

import { askForUncollected } from './awaited-paper.ts'
import { giveUp, revive, vouchFor } from './by-hand.ts'
import { askInstead } from './certificates.ts'
import type { Rules } from './decide.ts'
import { delivered } from './delivered.ts'
import {
  changeTransfer,
  type Draft,
  enter,
  findParcel,
  findTransfer,
  isOpen,
  type Step,
  settle,
} from './draft.ts'
import type { DomainEvent } from './events.ts'
import { isLookUp } from './look-ups.ts'
import { giveUpRecall, isTooLate, turnOrderAway } from './recall.ts'
import type { Transfer } from './submission.ts'
import { dropNeedless, markTurnedAway, refuseWhenOver } from './turned-away.ts'

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
  const needless = refuseWhenOver(draft, one, reason) ?? dropNeedless(draft, one)
  return needless ?? asDead(markTurnedAway(draft, one), one, reason)
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

const bury = (draft: Draft, one: Transfer, reason: string): Step =>
  one.state === 'dead' ? 'duplicate' : (dropNeedless(draft, one) ?? asDead(draft, one, reason))

function asDead(draft: Draft, one: Transfer, reason: string): Draft {
  const dead = changeTransfer(draft, one.id, { state: 'dead', reason })
  return enter(dead, 'transfer.buried', one.caseId, draft.now, {
    transfer: one.id,
    system: one.system,
    operation: one.operation,
    reason,
  })
}
