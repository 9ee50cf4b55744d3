// Changes of a catalogue as people read them. Only text.

import type { CatalogueChange } from '../../catalogue/diff.ts'

const signs = { added: '+', removed: '-', changed: '~' } as const

/** Two lines each, English and Chinese; one that says so when there are none. */
export function changeLines(changes: readonly CatalogueChange[]): string {
  if (changes.length === 0) return '  nothing differs · 无差异\n'
  return changes
    .map(({ change, message, messageZh }) => `  ${signs[change]} ${message}\n    ${messageZh}\n`)
    .join('')
}
