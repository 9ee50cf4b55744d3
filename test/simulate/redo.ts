// What failed is done again, as the intake does it: planned as a branch, told to the earlier submission, then received as
// one of its own. Both must know of each other.

import { hasFailed } from '../../src/domain/endings.ts'
import type { SubmissionReceived } from '../../src/domain/events.ts'
import { branchOf } from '../../src/domain/redo.ts'
import { apply } from './apply.ts'
import { law } from './law.ts'
import { known, tell, type World } from './world.ts'

/** The submission that does the failed branch again; null where there is none, or it cannot be planned. */
export function redo(world: World, submissionId: string): SubmissionReceived | null {
  const earlier = known(world)
  const theme = world.city.catalogue.themes.get(earlier.submission.theme)!
  const { branch, problems } = branchOf(earlier, theme)
  if (branch.matters.length === 0 || problems.length > 0) return null
  const again = { of: earlier.submission, branch }
  const received = apply(world.city, submissionId, world.now, world.random, again)
  if (!received) return null
  const announced = {
    by: submissionId,
    externalId: received.externalId,
    matters: received.cases.map(({ matter }) => matter.code),
    // Those that were announced before never came.
    over: (earlier.submission.redoneBy ?? []).map((one) => one.submissionId),
  }
  const outcome = tell(world, { type: 'submission.redone', ...announced })
  law(outcome === 'applied', 'what failed can be done again', () => outcome)
  return received
}

export function checkLinks(before: World, after: World): void {
  const [earlier, later] = [known(before), known(after)]
  const { redoes } = later.submission
  const link = earlier.submission.redoneBy?.find((one) => one.submissionId === later.submission.id)
  law(redoes?.submissionId === earlier.submission.id && !!link, 'a redo is linked both ways', () =>
    JSON.stringify(link),
  )
  const satisfied = new Set(redoes!.satisfied.map(({ matter }) => matter))
  for (const { matter } of later.cases) {
    const one = earlier.cases.find((known) => known.matter.code === matter.code)
    const isRight = one !== undefined && hasFailed(one) && !satisfied.has(matter.code)
    law(isRight && !!link?.matters.includes(matter.code), 'only what failed is done again', () => matter.code)
  }
}
