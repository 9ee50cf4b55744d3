// 好差评, the applicant's half: what was said of a service is kept as it was told. The gateway never says anything in the
// applicant's place: without an evaluation there is none, no default, no "satisfied unless told otherwise".

import type { Rules } from './decide.ts'
import { changeCase, type Draft, findCase, noSuchCase, refuse, type Step } from './draft.ts'
import type { DomainEvent } from './events.ts'
import { fromTheFuture } from './future.ts'
import { publish } from './publish.ts'
import type { Evaluation, Service } from './submission.ts'

/** The first evaluation of a service is its evaluation; another one later is an addition to it (追评). */
export function rate(draft: Draft, event: DomainEvent & { type: 'case.rated' }, rules: Rules): Step {
  const one = findCase(draft, event.caseId)
  if (!one) return noSuchCase
  const service = one.services?.find((s) => s.number === event.service && s.system === event.system)
  if (!service)
    return refuse(
      `service ${event.service} of case ${one.id} was not recorded with ${event.system}`,
      `办件 ${one.id} 的第 ${event.service} 次服务未在 ${event.system} 登记`,
    )
  const { evaluation } = event
  const ahead = fromTheFuture(evaluation.at, draft.now)
  if (ahead) return ahead
  const { evaluation: first, additions = [] } = service
  if (first && [first, ...additions].some((known) => isSame(known, evaluation))) return 'duplicate'
  const rated: Service = first
    ? { ...service, additions: [...additions, evaluation] }
    : { ...service, evaluation }
  const services = one.services!.map((s) => (s === service ? rated : s))
  const { at, ...said } = evaluation
  const facts = { service: service.number, ...said, ...(first ? { addition: true } : {}) }
  return publish(changeCase(draft, one.id, { services }), 'case.rated', one.id, at, facts, rules)
}

const isSame = (a: Evaluation, b: Evaluation): boolean => key(a) === key(b)

const key = ({ satisfaction, details = [], text = '', at }: Evaluation): string =>
  JSON.stringify([satisfaction, details, text, Date.parse(at)])
