// What the end of a transfer means for the case it was for.

import { askForUncollected } from './awaited-paper.ts'
import { apply } from './case.ts'
import { type CaseEvent, caseEvents } from './case-states.ts'
import { askInstead, attach, confirm } from './certificates.ts'
import { registered } from './conclusion.ts'
import type { Rules } from './decide.ts'
import {
  changeCase,
  changeParcel,
  changeTransfer,
  type Draft,
  enter,
  findCase,
  findParcel,
  findTransfer,
  isOpen,
  refuse,
  type Step,
  settle,
} from './draft.ts'
import type { DomainEvent, ReceiptFacts } from './events.ts'
import { notAhead } from './future.ts'
import { isLookUp } from './look-ups.ts'
import { followParcel } from './parcel.ts'
import { publish } from './publish.ts'
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

function delivered(draft: Draft, one: Transfer, receipt: ReceiptFacts, rules: Rules): Draft {
  switch (one.operation) {
    case 'submitCase':
      return dispatched(draft, one, receipt, rules)
    case 'obtainCertificate':
      return attach(draft, one, receipt, rules)
    case 'verifyCertificate':
      return confirm(draft, one, receipt, rules)
    case 'registerCertificate':
      return registered(draft, one, receipt)
    case 'createOrder':
      return ordered(draft, one, receipt, rules)
    case 'supplementCase':
    case 'withdrawCase':
    case 'followParcel':
      return enter(draft, 'transfer.delivered', one.caseId, draft.now, {
        transfer: one.id,
        operation: one.operation,
        duplicate: receipt.duplicate === true,
      })
    case 'cancelOrder':
      return cancelled(draft, one, receipt, rules)
    case 'notify':
    case 'recordService':
      return draft
  }
}

function cancelled(draft: Draft, one: Transfer, receipt: ReceiptFacts, rules: Rules): Draft {
  const entered = enter(draft, 'transfer.delivered', one.caseId, draft.now, {
    transfer: one.id,
    operation: one.operation,
    duplicate: receipt.duplicate === true,
  })
  const parcel = 'parcel' in one.about ? findParcel(draft, one.about.parcel) : undefined
  if (parcel?.state !== 'ordered') return entered
  // As if the carrier had told it: what it tells of earlier does not order the parcel anew.
  const stop = { id: one.id, event: 'parcel.cancelled', at: draft.now } as const
  const changed = changeParcel(entered, parcel.id, { state: 'cancelled', trail: [...parcel.trail, stop] })
  const facts = { parcelId: parcel.id, direction: parcel.direction, waybill: parcel.reference }
  return publish(changed, 'parcel.cancelled', parcel.caseId, draft.now, facts, rules)
}

function dispatched(given: Draft, one: Transfer, receipt: ReceiptFacts, rules: Rules): Draft {
  const draft = unmarkTurnedAway(given, one.caseId!)
  const before = findCase(draft, one.caseId!)!
  const detail = receipt.reference ? { reference: receipt.reference } : {}
  const known =
    before.reference || !receipt.reference
      ? draft
      : changeCase(draft, before.id, { reference: receipt.reference })
  const step = apply(known, findCase(known, before.id)!, 'case.dispatched', draft.now, detail, rules)
  const moved = step === 'duplicate' || 'refused' in step ? known : step
  return (receipt.events ?? []).filter(isCaseEvent).reduce((next, event) => {
    const at = notAhead(event.at, draft.now)
    const after = apply(next, findCase(next, before.id)!, event.type, at, event.detail, rules)
    return after === 'duplicate' || 'refused' in after ? next : after
  }, moved)
}

const isCaseEvent = <E extends { type: string }>(event: E): event is E & { type: CaseEvent } =>
  (caseEvents as readonly string[]).includes(event.type)

function ordered(draft: Draft, one: Transfer, receipt: ReceiptFacts, rules: Rules): Draft {
  const id = 'parcel' in one.about ? one.about.parcel : ''
  const reference = receipt.reference ? { reference: receipt.reference } : {}
  const parcel = findParcel(draft, id)
  if (!parcel) return draft
  const changed = followParcel(
    changeParcel(draft, id, {
      ...reference,
      ...(parcel.state === 'wanted' ? { state: 'ordered' as const } : {}),
    }),
    parcel,
  )
  return publish(
    changed,
    'parcel.ordered',
    parcel.caseId,
    draft.now,
    { parcelId: id, direction: parcel.direction, waybill: receipt.reference },
    rules,
  )
}
