// The statements of the main path, one a file of sql/, prepared by name on each connection. All others stand beside the
// function that runs them.

import { readFileSync } from 'node:fs'

const read = (name: string): { name: string; text: string } => ({
  name,
  text: readFileSync(new URL(`./sql/${name}.sql`, import.meta.url), 'utf8'),
})

export const statements = {
  offerAgain: read('offer-again'),
  load: read('load'),
  documents: read('documents'),
  lock: read('lock'),
  known: read('known'),
  postpone: read('postpone'),
  claim: read('claim'),
  begin: read('begin'),
  takeover: read('takeover'),
  leasedHere: read('leased-here'),
  free: read('free'),
  overdue: read('overdue'),
  oldestDue: read('oldest-due'),
  restored: read('restored'),
} as const
