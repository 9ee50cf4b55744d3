// The fewest events that still break a law: parts of the list are left out, ever smaller ones, as long as the rest breaks
// it as well. Laws that can only be seen from outside (one effect, everything ends) leave the list as it is.

import { decide as domain } from '../../src/domain/decide.ts'
import { type Books, openBooks, type Told } from './books.ts'
import { Broken } from './law.ts'
import type { Decide } from './life.ts'

export function shrink(told: readonly Told[], law: string, decide: Decide = domain): readonly Told[] {
  const breaks = (list: readonly Told[]): boolean => brokenBy(list, decide) === law
  if (!breaks(told)) return told
  let least = told
  for (let part = Math.ceil(told.length / 2); part >= 1; part = part === 1 ? 0 : Math.ceil(part / 2)) {
    // The first event is the submission itself.
    for (let from = 1; from < least.length; ) {
      const rest = [...least.slice(0, from), ...least.slice(from + part)]
      if (breaks(rest)) least = rest
      else from += part
    }
  }
  return least
}

/** The law that a list breaks when it is told from the beginning, each event by itself. */
function brokenBy(told: readonly Told[], decide: Decide): string | null {
  if (told[0]?.event.type !== 'submission.received') return null
  let books: Books | undefined
  try {
    for (const one of told) {
      if (one.event.type === 'submission.received') books = openBooks(one.event.submissionId, decide)
      if (!books) return null
      books.record(one)
      books.commit()
      books.reload()
    }
    return null
  } catch (error) {
    if (error instanceof Broken) return error.law
    throw error
  }
}
