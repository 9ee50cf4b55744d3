// Slots to book: of a book that says when they are, at a hall that reports who came or at one that always forgets, and of
// somebody else's, whose names tell nothing.

import { dayAfter, dayOf } from '../../src/domain/calendar.ts'
import { between, pick } from '../../src/sandbox/random.ts'

const FORGETFUL = 'hall-2'
/** Days ahead: mostly some, sometimes it has been. */
const [EARLIEST, LATEST] = [-1, 8]

export function someSlot(now: string, random: () => number): string {
  if (random() < 0.4) return pick(random, ['S-1', 'S-2', 'S-3'])
  const day = dayAfter(dayOf(now), between(random, EARLIEST, LATEST))
  return `${pick(random, ['hall-1', FORGETFUL])}.counter.${day.replaceAll('-', '')}T${pick(random, ['0930', '1400'])}`
}

/** Its hall never says who came. */
export const isForgotten = (slot: string | undefined): boolean => slot?.startsWith(FORGETFUL) === true
