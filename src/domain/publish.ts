// Tells those who asked: each public entry becomes one normalised event per subscriber, in order per case.

import type { Rules } from './decide.ts'
import { type Draft, enter, transfer } from './draft.ts'
import type { PublicEventType } from './public-events.ts'
import { recordService } from './service-record.ts'
import type { Case, PublicEvent } from './submission.ts'

/** Records `type` and calls back the platform and the department of the case, where they subscribe. */
export function publish(
  draft: Draft,
  type: PublicEventType,
  caseId: string | null,
  at: string,
  facts: Record<string, unknown>,
  rules: Rules,
): Draft {
  const entered = enter(draft, type, caseId, at, facts)
  const entry = entered.entries.at(-1)!
  const { submission, cases } = entered.aggregate
  const one = caseId === null ? undefined : cases.find((c) => c.id === caseId)
  const event: PublicEvent = {
    id: entry.id,
    type,
    at,
    subject: caseId ?? submission.id,
    sequence: entry.number,
    data: {
      submissionId: submission.id,
      externalId: submission.externalId,
      theme: submission.theme,
      ...(one
        ? { caseId: one.id, matter: one.matter.code, state: one.state, reference: one.reference }
        : { state: submission.state }),
      ...facts,
    },
  }
  const told = tell(entered, submission.platform, event, one, rules)
  if (!one) return told
  const all = one.system === submission.platform ? told : tell(told, one.system, event, one, rules)
  return rules.rating ? recordService(all, type, one, at, rules) : all
}

function tell(draft: Draft, system: string, event: PublicEvent, one: Case | undefined, rules: Rules): Draft {
  if (!rules.subscribes(system, event.type, draft.aggregate.submission, one)) return draft
  return transfer(draft, {
    operation: 'notify',
    system,
    caseId: one?.id ?? null,
    lane: `${system}:${event.subject}`,
    about: { event },
  })
}
