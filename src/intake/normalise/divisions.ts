// Division codes (GB/T 2260): twelve- and nine-digit forms to six, old codes to the ones in force. Which codes and
// aliases exist, and zones that have no national code, is the catalogue's to say.

import type { Catalogue } from '../../domain/catalogue.ts'
import { type Fault, fault } from './rule.ts'
import { cleanText } from './text.ts'

export type Divisions = Pick<Catalogue, 'divisions'>

const aliasTables = new WeakMap<Divisions, ReadonlyMap<string, string>>()

/** The code in force; fault `unknown-division` for one that the catalogue does not know. */
export function divisionCode(text: string, catalogue: Divisions): string | Fault {
  const known = aliasesOf(catalogue)
  return known.get(text) ?? known.get(sixDigits(text)) ?? unknown
}

/**
 * For what is asked beside a submission: the code in force of any form that a submission may write, full-width ones too.
 * What is no text, or no division, stays as it is for whoever checks it to name.
 */
export function knownDivision<T>(written: T, catalogue: Divisions): T | string {
  const text = typeof written === 'string' ? cleanText(written) : undefined
  const code = typeof text === 'string' ? divisionCode(text, catalogue) : undefined
  return typeof code === 'string' ? code : written
}

/** 410204000000 (12, with town and village) and 410204001 (9, with town) name the county in their first six. */
function sixDigits(text: string): string {
  return /^\d{12}$|^\d{9}$/.test(text) ? text.slice(0, 6) : text
}

function aliasesOf(catalogue: Divisions): ReadonlyMap<string, string> {
  const made = aliasTables.get(catalogue)
  if (made !== undefined) return made
  const table = new Map<string, string>()
  for (const division of catalogue.divisions.values()) {
    for (const alias of division.aliases) table.set(alias, division.code)
  }
  for (const code of catalogue.divisions.keys()) table.set(code, code)
  aliasTables.set(catalogue, table)
  return table
}

const unknown = fault('unknown-division', 'is not a division of this city', '不是本市的行政区划代码')
