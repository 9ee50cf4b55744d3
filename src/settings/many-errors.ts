// How long a list of faults may grow. One that nobody would read to its end costs the process that makes it, and every
// caller beside it, more than it tells.

/** What a refusal lists; of the rest it says how many there are. */
export const MAX_ERRORS = 500

/** Of the line that says how many more there are. */
type More = 'more-errors'

/** A fault, or the last line of a list that was cut. */
export interface Listed<Code extends string = string> {
  pointer: string
  code: Code
  message: string
  messageZh: string
  /** How many more there are; not told by itself. */
  more?: number
}

/** A list to which faults are added without end: the first 500 are kept, the rest counted. */
export interface Faults<Code extends string = string> {
  add(fault: Listed<Code>): void
  /** The same for a fault that is only counted when there are enough: nothing is made of it then. */
  addMade(make: () => Listed<Code>): void
  list(): Listed<Code | More>[]
}

export function gatherFaults<Code extends string = string>(): Faults<Code> {
  const kept: Listed<Code>[] = []
  let more = 0
  const addMade = (make: () => Listed<Code>): void => {
    if (kept.length < MAX_ERRORS) kept.push(make())
    else more++
  }
  return {
    add: (fault) => addMade(() => fault),
    addMade,
    list: () => (more === 0 ? kept : [...kept, andMore(more)]),
  }
}

/** The first 500 and, where there are more, one line that says how many; lists that were cut before are counted in. */
export function atMost<Code extends string>(faults: readonly Listed<Code>[]): readonly Listed<Code | More>[] {
  if (faults.length <= MAX_ERRORS && !faults.some((one) => one.more)) return faults
  const kept = faults.filter((one) => one.more === undefined)
  const cut = faults.reduce((sum, one) => sum + (one.more ?? 0), Math.max(0, kept.length - MAX_ERRORS))
  return [...kept.slice(0, MAX_ERRORS), andMore(cut)]
}

function andMore(more: number): Listed<More> {
  return {
    pointer: '',
    code: 'more-errors',
    message: `and ${more} more; mend these first`,
    messageZh: `另有 ${more} 处错误，请先修正以上各项`,
    more,
  }
}
