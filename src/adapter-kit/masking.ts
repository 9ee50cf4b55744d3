// A system's own words, fit for a summary: without the persons it repeats back.
// It knows the values of the content at hand and the look of numbers; nothing else may be let through unmasked.

const HIDDEN = '***'
const LONGEST = 160

/** The text without the given values and without any run of six or more digits; at most 160 characters. */
export function maskText(text: string, persons: readonly string[]): string {
  const known = persons.filter((value) => value.length > 1).sort((a, b) => b.length - a.length)
  const without = known.reduce((rest, value) => rest.replaceAll(value, HIDDEN), text)
  return [...without.replace(/\d{6,}[\dXx]?/g, HIDDEN).replace(/\s+/g, ' ')].slice(0, LONGEST).join('')
}

const personal = new Set(['idNumber', 'mobile', 'contact', 'address', 'clerk'])
const parties = new Set(['applicant', 'holder', 'sender', 'receiver'])

/** What a content (contract.ts) tells about persons. */
export function personsIn(content: unknown, inParty = false): string[] {
  if (typeof content !== 'object' || content === null) return []
  return Object.entries(content).flatMap(([name, value]) => {
    if (typeof value === 'string') return personal.has(name) || (inParty && name === 'name') ? [value] : []
    return personsIn(value, parties.has(name))
  })
}
