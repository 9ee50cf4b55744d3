// The submission or case that a path names. What belongs to another platform is not there for this one.

import { type Aggregate, type Case, submissionOf } from '../domain/submission.ts'
import { stored } from '../http/ledger-away.ts'
import { type Problem, problem } from '../http/problems.ts'
import type { Remembered } from '../ledger/aggregates.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Client } from '../settings/settings.ts'

type Reading = Pick<Ledger, 'find'>

/** @throws problem `not-found` */
export async function ownSubmission(ledger: Reading, client: Client, id: string): Promise<Aggregate> {
  const found = submissionOf(id) === id ? await stored(ledger.find(id)) : null
  if (found && found.submission.platform === client.platform) return found
  throw notThere('submission', '申办', id)
}

/** With what its departments are told from. @throws problem `not-found` */
export async function ownWithDocument(
  ledger: Pick<Ledger, 'read'>,
  client: Client,
  id: string,
): Promise<Pick<Remembered, 'aggregate' | 'document'>> {
  const found = submissionOf(id) === id ? await stored(ledger.read(id)) : null
  if (found && found.aggregate.submission.platform === client.platform) return found
  throw notThere('submission', '申办', id)
}

export interface OwnCase extends Aggregate {
  one: Case
}

/** With its submission. @throws problem `not-found` */
export async function ownCase(ledger: Reading, client: Client, id: string): Promise<OwnCase> {
  const root = submissionOf(id)
  const found = root === null ? null : await stored(ledger.find(root))
  const one = found?.cases.find((each) => each.id === id)
  if (found && one && found.submission.platform === client.platform) return { ...found, one }
  throw noSuchCase(id)
}

export const noSuchCase = (id: string): Problem => notThere('case', '办件', id)

function notThere(what: string, zh: string, id: string): Problem {
  const named = id.slice(0, 64)
  return problem('not-found', { detail: `there is no ${what} ${named}`, detailZh: `没有${zh} ${named}` })
}
