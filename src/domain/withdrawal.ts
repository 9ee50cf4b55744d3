// A case that ends from the applicant's side: withdrawn, or not supplemented in time. What has not gone out is
// cancelled, post is taken back, and a department that may know of it is told; one that refused it has nothing to hear.

import { caseTable } from './case-states.ts'
import { setClock } from './clock.ts'
import type { Rules } from './decide.ts'
import { cancelOpen, followUp, rollUp } from './dispatch.ts'
import { changeCase, type Draft, findCase, noSuchCase, refuse, type Step, settle, transfer } from './draft.ts'
import type { DomainEvent } from './events.ts'
import { publish } from './publish.ts'
import { recallParcels } from './recall.ts'
import type { Case } from './submission.ts'
import { hasSpoken, openHandOver } from './turned-away.ts'

/** Withdraws a case while that is still possible. */
export function withdrawCase(
  draft: Draft,
  event: DomainEvent & { type: 'case.withdrawal-asked' },
  rules: Rules,
): Step {
  const one = findCase(draft, event.caseId)
  if (!one) return noSuchCase
  if (one.state === 'withdrawn') return 'duplicate'
  if (!canBeWithdrawn(one))
    return refuse(
      `a case that is ${one.state} can no longer be withdrawn`,
      `办件状态为 ${one.state}，不能再撤回`,
    )
  return rollUp(followUp(endCase(draft, one, withdrawn(event.reason), rules), one.id, rules))
}

/** Withdraws every case of the submission that still can be; the others go on to what they came to. */
export function withdrawAll(
  draft: Draft,
  event: DomainEvent & { type: 'submission.withdrawal-asked' },
  rules: Rules,
): Step {
  const { cases } = draft.aggregate
  const open = cases.filter(canBeWithdrawn)
  if (open.length === 0)
    return cases.some((one) => one.state === 'withdrawn')
      ? 'duplicate'
      : refuse('none of its cases can be withdrawn any more', '各办件均已办结或已作出决定，不能再撤回')
  // Nobody is left to end with another: what waits for one of them can be withdrawn itself.
  return rollUp(open.reduce((next, one) => endCase(next, one, withdrawn(event.reason), rules), draft))
}

const withdrawn = (reason: string): Ending => ({
  state: 'withdrawn',
  code: 'withdrawn',
  reason,
  told: reason,
})

const canBeWithdrawn = (one: Case): boolean => caseTable['case.withdrawn'][one.state] === 'apply'

interface Ending {
  state: 'withdrawn' | 'terminated'
  /** Why transfers and parcels of the case are taken back. */
  code: string
  /** Kept with the case. */
  reason: string
  /** The department is told. */
  told: string
  facts?: Record<string, unknown>
}

/** Ends the case itself; whether others end with it is the caller's to follow up. */
export function endCase(draft: Draft, one: Case, ending: Ending, rules: Rules): Draft {
  const { state, code, reason, facts = {} } = ending
  const pending = cancelOpen(draft, one.id, ['supplementCase'], code)
  const handOver = openHandOver(draft, one.id)
  const isDead = handOver?.state === 'dead' && (one.turnedAway || hasSpoken(one))
  // Nobody has to send again what nobody wants any more.
  const cleared = isDead ? settle(pending, handOver, 'cancelled', code) : pending
  const ended = changeCase(cleared, one.id, { state, waits: [], asked: [], reason })
  const stopped = setClock(ended, one, draft.now, undefined, rules)
  const recalled = recallParcels(stopped, one.id, code)
  const told = publish(recalled, `case.${state}`, one.id, draft.now, { reason, ...facts }, rules)
  if (wasNeverSent(draft, one) || (isDead && !hasSpoken(one))) return told
  return transfer(told, {
    operation: 'withdrawCase',
    system: one.system,
    caseId: one.id,
    lane: `${one.system}:${one.id}`,
    about: { case: one.id, withdrawal: ending.told },
  })
}

export function wasNeverSent(draft: Draft, one: Case): boolean {
  return (
    one.state === 'pending' &&
    !draft.aggregate.transfers.some((t) => t.caseId === one.id && t.operation === 'submitCase')
  )
}
