// The carrier's own words, fit to be shown to an operator: without the persons and addresses that it repeats back.
// Must be the only way in which text of an answer reaches a failure's summary.

import type { ParcelContent } from '../../src/adapter-kit/contract.ts'

const LONGEST = 120
const HIDDEN = '＊＊'

/** What an order tells about persons. */
export function personsOf({ sender, receiver }: ParcelContent): string[] {
  return [sender, receiver].flatMap((party) => [party.address, party.mobile, party.name])
}

/** The text without the given values and without any number of five digits or more; at most 120 characters. */
export function masked(text: string, persons: readonly string[]): string {
  const without = persons.reduce((rest, value) => (value ? rest.replaceAll(value, HIDDEN) : rest), text)
  return [...without.replace(/\d{5,}[Xx]?/g, HIDDEN)].slice(0, LONGEST).join('')
}
