// 好差评, the gateway's half: what was done for the applicant is told a rating system once it is done, so that the applicant
// can be asked. Only the applicant answers (rating.ts).

import type { Rules } from './decide.ts'
import { changeCase, type Draft, transfer } from './draft.ts'
import type { Case, Service } from './submission.ts'

/** Where a service may be recorded: when the case was taken, and at each of its ends. */
export const serviceEvents = [
  'case.accepted',
  'case.issued',
  'case.denied',
  'case.rejected',
  'case.withdrawn',
  'case.terminated',
  'case.closed',
] as const
export type ServiceEvent = (typeof serviceEvents)[number]

/**
 * Tells the rating system of the service that ended with this event, if the city wants that and it was not
 * told before.
 */
export function recordService(draft: Draft, type: string, one: Case, at: string, rules: Rules): Draft {
  const system = rules.rating?.(type, draft.aggregate.submission.homeDivision)
  if (!system || type !== `case.${one.state}` || isRecorded(one, type)) return draft
  const services = one.services ?? []
  const number = services.length + 1
  const { acceptedAt } = one
  const service: Service = {
    number,
    event: type as ServiceEvent,
    at,
    system,
    ...(acceptedAt ? { acceptedAt } : {}),
  }
  return transfer(changeCase(draft, one.id, { services: [...services, service] }), {
    operation: 'recordService',
    system,
    caseId: one.id,
    lane: `${system}:${one.id}`,
    about: { case: one.id, service: number },
  })
}

/** A case is taken once, and ends once however many of its last events are told. */
function isRecorded({ services = [] }: Case, type: string): boolean {
  const taken = type === 'case.accepted'
  return services.some((one) => (one.event === 'case.accepted') === taken)
}
