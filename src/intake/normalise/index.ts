// What the rest of the gateway may use of normalisation.

export { isoDate, isoDateTime, utcTime } from './dates.ts'
export { type Divisions, divisionCode, knownDivision } from './divisions.ts'
export { ownFormats } from './formats.ts'
export { idNumber, RESIDENT_ID, residentId, USCC, uscc } from './identity.ts'
export { mobile, phone } from './phones.ts'
export type { Fault, Rule } from './rule.ts'
export { type NormalisedSubmission, normaliseSubmission } from './submission.ts'
export { cleanText } from './text.ts'
