// Which normalisation rule a schema's `format` asks for. The submission's schema and the form schemas of the
// themes use the same names, so a field is normalised by declaring what it is.

import type { Catalogue } from '../../domain/catalogue.ts'
import { isoDate, isoDateTime } from './dates.ts'
import { divisionCode } from './divisions.ts'
import { idNumber, residentId, uscc } from './identity.ts'
import { mobile, phone } from './phones.ts'
import type { Fault } from './rule.ts'
import { cleanText } from './text.ts'

interface FormatContext {
  catalogue: Catalogue
  /** The object the text stands in: a holder-number is read by the idType beside it. */
  siblings: Readonly<Record<string, unknown>>
}

export type FormatRule = (text: string, context: FormatContext) => string | Fault

export const formats: ReadonlyMap<string, FormatRule> = new Map<string, FormatRule>([
  ['date', isoDate],
  ['date-time', isoDateTime],
  ['mobile', mobile],
  ['phone', phone],
  ['id-number', residentId],
  ['uscc', uscc],
  ['holder-number', (text, { siblings }) => idNumber(cleanSibling(siblings.idType), text)],
  ['division', (text, { catalogue }) => divisionCode(text, catalogue)],
])

/** The names Ajv must know beside its own; by then the texts are canonical, so there is nothing left to check. */
export const ownFormats = ['mobile', 'phone', 'id-number', 'uscc', 'holder-number', 'division'] as const

function cleanSibling(value: unknown): unknown {
  return typeof value === 'string' ? cleanText(value) : value
}
