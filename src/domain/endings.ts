// How a case ended, in one place: whether what it asked for was given, and so whether others can build on it.
// A case that is closed says nothing of that by its state; it keeps a reason where, and only where, it had
// failed before.

import { failedStates } from './case-states.ts'
import type { Case } from './submission.ts'

type Ended = Pick<Case, 'state' | 'reason'>
type Closed = Ended & Pick<Case, 'saidYes' | 'result'>

/** Over without what was asked for: whatever depends on it cannot happen either. */
export const hasFailed = ({ state, reason }: Ended): boolean =>
  failedStates.has(state) || (state === 'closed' && reason !== undefined)

/** Over, with what was asked for. */
export const endedWell = (one: Ended): boolean =>
  (one.state === 'issued' || one.state === 'closed') && !hasFailed(one)

/** The department has said yes, whether or not the result has been issued since. */
export const isGranted = (one: Ended): boolean => one.state === 'approved' || endedWell(one)

/** Closed without a word of how: taken for a yes until a no is told after all. */
export const isTakenForGranted = (one: Closed): boolean =>
  one.state === 'closed' && endedWell(one) && !one.saidYes && !one.result
