// What a system's taking over of a transfer means for the case it was for.

import { apply } from './case.ts'
import { type CaseEvent, caseEvents } from './case-states.ts'
import { attach, confirm } from './certificates.ts'
import { registered } from './conclusion.ts'
import type { Rules } from './decide.ts'
import { changeCase, changeParcel, type Draft, enter, findCase, findParcel } from './draft.ts'
import type { ReceiptFacts } from './events.ts'
import { notAhead } from './future.ts'
import { followParcel } from './parcel.ts'
import { publish } from './publish.ts'
import type { Transfer } from './submission.ts'
import { unmarkTurnedAway } from './turned-away.ts'

/** `draft`: with the transfer settled. */
export function delivered(draft: Draft, one: Transfer, receipt: ReceiptFacts, rules: Rules): Draft {
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
