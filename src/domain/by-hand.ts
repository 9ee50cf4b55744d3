// A dead letter that is not sent again: a person has found out that its system has it (by telephone, in its
// own books), or that nobody needs it any more. Only what leaves no case waiting can be given up.

import { askInstead } from './certificates.ts'
import type { Rules } from './decide.ts'
import { delivered } from './delivered.ts'
import { type Draft, enter, refuse, type Step, settle } from './draft.ts'
import type { DomainEvent } from './events.ts'
import { isLookUp } from './look-ups.ts'
import type { Operation, Transfer } from './submission.ts'

type Vouched = DomainEvent & { type: 'transfer.vouched' }
type GivenUp = DomainEvent & { type: 'transfer.given-up' }

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
  const facts = {
    transfer: one.id,
    operation: one.operation,
    by,
    reason,
    ...(reference ? { reference } : {}),
  }
  const entered = enter(settle(draft, one, 'delivered'), 'transfer.vouched', one.caseId, draft.now, facts)
  return delivered(entered, one, reference ? { reference } : {}, rules)
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
  const entered = enter(draft, 'transfer.given-up', one.caseId, draft.now, facts)
  if (!isLookUp(one)) return settle(entered, one, 'cancelled', 'given-up')
  return askInstead(entered, one, { code: 'certificate-not-obtained', reason }, rules) ?? entered
}

const onlyTheDead = refuse('only a dead letter can be closed by hand', '只有死信可以人工办结')

/** The case, or the applicant, waits for what comes of it. */
const neededBySomebody: ReadonlySet<Operation> = new Set([
  'submitCase',
  'supplementCase',
  'withdrawCase',
  'createOrder',
])
