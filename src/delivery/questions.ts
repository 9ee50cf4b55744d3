// Questions without effect, asked of a system while somebody waits for the answer: no queue, no retry, one deadline.

import type { Attempt, Question, Questions } from '../adapter-kit/contract.ts'
import { AdapterFailure } from '../adapter-kit/failures.ts'
import { attemptAt } from './attempt-tools.ts'
import { inUse, type System } from './systems.ts'

/**
 * Resolves with the system's answer.
 * @throws AdapterFailure as the system's adapter names it; 'rejected' with code `cannot-answer` when it
 * offers no such question
 */
export type AskSystem = <Q extends Question>(
  system: string,
  question: Q,
  asked: Questions[Q]['asked'],
) => Promise<Questions[Q]['answer']>

export function questioner(deps: {
  systems: ReadonlyMap<string, System>
  files: Attempt['files']
  now(): Date
}): AskSystem {
  return async (id, question, asked) => {
    const system = deps.systems.get(id)
    const answer = system?.adapter.questions?.[question]
    if (!system || !answer)
      throw new AdapterFailure('rejected', `系统 ${id} 不支持该查询 (${id} cannot answer ${question})`, {
        sent: false,
        code: 'cannot-answer',
      })
    const signal = AbortSignal.timeout(system.settings.delivery.timeoutMs)
    const attempt = attemptAt(system, { signal, key: `ask:${id}` }, deps)
    return inUse(system, () => answer(asked, attempt))
  }
}
