// The SQL of the ledger, one statement a file, prepared by name on each connection.

import { readFileSync } from 'node:fs'

const read = (name: string): { name: string; text: string } => ({
  name,
  text: readFileSync(new URL(`./sql/${name}.sql`, import.meta.url), 'utf8'),
})

export const statements = {
  write: read('write'),
  offerAgain: read('offer-again'),
  load: read('load'),
  lock: read('lock'),
  known: read('known'),
  postpone: read('postpone'),
  claim: read('claim'),
  takeover: read('takeover'),
  overdue: read('overdue'),
  oldestDue: read('oldest-due'),
} as const
