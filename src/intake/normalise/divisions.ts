// Division codes (GB/T 2260): twelve- and nine-digit forms to six, old codes to the ones in force. Which codes and
// aliases exist, and zones that have no national code, is the catalogue's to say.

import type { Catalogue } from '../../domain/catalogue.ts'
import { type Fault, fault } from './rule.ts'

const aliasTables = new WeakMap<Catalogue, ReadonlyMap<string, string>>()

/** The code in force; fault `unknown-division` for one that the catalogue does not know. */
export function divisionCode(text: string, catalogue: Catalogue): string | Fault {
  const known = aliasesOf(catalogue)
  return known.get(text) ?? known.get(sixDigits(text)) ?? unknown
}

/** 410204000000 (12, with town and village) and 410204001 (9, with town) name the county in their first six. */
function sixDigits(text: string): string {
  return /^\d{12}$|^\d{9}$/.test(text) ? text.slice(0, 6) : text
}

function aliasesOf(catalogue: Catalogue): ReadonlyMap<string, string> {
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
