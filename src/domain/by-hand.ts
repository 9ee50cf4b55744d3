// A dead letter that is not sent again: a person has found out that its system has it (by telephone, in its
// own books), or that nobody needs it any more. Only what leaves no case waiting can be given up.

import { askInstead } from './certificates.ts'
import type { Rules } from './decide.ts'
import { delivered } from './delivered.ts'
import {
  changeCase,
  changeParcel,
  changeTransfer,
  type Draft,
  enter,
  findCase,
  findParcel,
  type Refusal,
  refuse,
  type Step,
  settle,
} from './draft.ts'
import type { DomainEvent } from './events.ts'
import { isLookUp } from './look-ups.ts'
import type { Operation, Transfer } from './submission.ts'
import { unmarkTurnedAway } from './turned-away.ts'

type Vouched = DomainEvent & { type: 'transfer.vouched' }
type GivenUp = DomainEvent & { type: 'transfer.given-up' }

/** Sent again, by whom it goes to now. */
export function revive(
  draft: Draft,
  one: Transfer,
  { by, reason }: DomainEvent & { type: 'transfer.revived' },
  rules: Rules,
): Step {
  if (one.state !== 'dead') return refuse('only a dead letter can be sent again', '只有死信可以重新投递')
  const named = nameCarrier(draft, one, rules)
  if ('refused' in named) return named
  const again = unmarked(named, one)
  const due = changeTransfer(again, one.id, { state: 'due', reason: '' })
  return enter(due, 'transfer.revived', one.caseId, draft.now, { transfer: one.id, by, reason })
}

/** Sent again, or there after all: nobody has turned it away. */
function unmarked(draft: Draft, one: Transfer): Draft {
  if (one.operation === 'submitCase') return unmarkTurnedAway(draft, one.caseId!)
  const parcel =
    one.operation === 'createOrder' && 'parcel' in one.about ? findParcel(draft, one.about.parcel) : undefined
  return parcel?.turnedAway ? changeParcel(draft, parcel.id, { turnedAway: undefined }) : draft
}

/** An order that was never with a carrier, for want of a contract, goes to the one that the county has now. */
function nameCarrier(draft: Draft, one: Transfer, rules: Rules): Draft | Refusal {
  if (one.operation !== 'createOrder' || !('parcel' in one.about)) return draft
  const parcel = findParcel(draft, one.about.parcel)
  if (parcel?.system !== '') return draft
  const contract = rules.postal(draft.aggregate.submission.homeDivision, draft.now)
  if ('missing' in contract)
    return refuse(
      `no carrier can have it: ${contract.missing}`,
      `仍然没有可承运的邮政企业：${contract.missing}`,
    )
  return changeTransfer(changeParcel(draft, parcel.id, contract), one.id, { system: contract.system })
}

/** As if its system had answered now. */
export function vouchFor(draft: Draft, one: Transfer, event: Vouched, rules: Rules): Step {
  if (one.state !== 'dead') return onlyTheDead
  if (isLookUp(one))
    return refuse(
      'what a certificate says cannot be vouched for: ask the registry again, or give it up and the applicant is asked for the document',
      '电子证照内容不能由人工认定：请重新查询，或放弃查询改由申请人提交材料',
    )
  const { by, reason, reference } = event
  if (one.operation === 'createOrder' && !reference)
    return refuse('say by which waybill the carrier has it', '请填写承运商的运单号')
  const named = nameCarrier(draft, one, rules)
  if ('refused' in named) return named
  const known = reference ? { reference } : {}
  const facts = { transfer: one.id, operation: one.operation, by, reason, ...known }
  const settled = settle(unmarked(named, one), one, 'delivered')
  const entered = enter(settled, 'transfer.vouched', one.caseId, draft.now, facts)
  return delivered(entered, one, known, rules)
}

/** Nobody sends it again. Of a question to a registry: the applicant is asked for the document. */
export function giveUp(draft: Draft, one: Transfer, { by, reason }: GivenUp, rules: Rules): Step {
  if (one.state !== 'dead') return onlyTheDead
  if (neededBySomebody.has(one.operation))
    return refuse(
      'it has to reach its system: send it again, or say that the system has it',
      '该流转必须送达：请重新投递，或确认对方系统已收到',
    )
  const facts = { transfer: one.id, operation: one.operation, by, reason }
  const entered = enter(unregistered(draft, one), 'transfer.given-up', one.caseId, draft.now, facts)
  if (!isLookUp(one)) return settle(entered, one, 'cancelled', 'given-up')
  return askInstead(entered, one, { code: 'certificate-not-obtained', reason }, rules) ?? entered
}

/** A result that is not registered after all. */
function unregistered(draft: Draft, { operation, caseId }: Transfer): Draft {
  const registration =
    operation === 'registerCertificate' ? findCase(draft, caseId!)?.registration : undefined
  return registration
    ? changeCase(draft, caseId!, { registration: { ...registration, state: 'given-up' } })
    : draft
}

const onlyTheDead = refuse('only a dead letter can be closed by hand', '只有死信可以人工办结')

/** The case, or the applicant, waits for what comes of it. */
const neededBySomebody: ReadonlySet<Operation> = new Set([
  'submitCase',
  'supplementCase',
  'withdrawCase',
  'createOrder',
])
