// What two readings of the configuration differ in: systems field by field, everything else by its part.
// Names and field paths only; a value may be a secret and is never shown.

import { isDeepStrictEqual } from 'node:util'
import type { Settings, SystemSettings } from './settings.ts'

export interface SystemChanges {
  added: readonly string[]
  removed: readonly string[]
  /** Field paths (RFC 6901) into systems/<id>.yaml, at most a few dozen. */
  changed: readonly { system: string; fields: readonly string[] }[]
}

/** A part of the configuration that is read once, at the start. */
export interface Part {
  /** As in config/: `matters`, `halls`, `clients` … */
  part: string
  /** How its change comes into force. */
  needs: 'restart' | 'restart or catalogue activation'
}

const MAX_FIELDS = 40

export function systemChanges(
  before: ReadonlyMap<string, SystemSettings>,
  after: ReadonlyMap<string, SystemSettings>,
): SystemChanges {
  const changed = [...after].flatMap(([system, settings]) => {
    const known = before.get(system)
    const fields = known ? fieldsThatDiffer(known, settings) : []
    return fields.length > 0 ? [{ system, fields }] : []
  })
  return {
    added: [...after.keys()].filter((id) => !before.has(id)),
    removed: [...before.keys()].filter((id) => !after.has(id)),
    changed,
  }
}

const parts: readonly (Part & { of(settings: Settings): unknown })[] = [
  { part: 'matters', needs: 'restart or catalogue activation', of: ({ catalogue }) => catalogue.version },
  { part: 'halls', needs: 'restart', of: ({ halls }) => halls },
  { part: 'postal', needs: 'restart', of: ({ postal }) => postal },
  { part: 'calendar', needs: 'restart', of: ({ calendar }) => calendar },
  { part: 'clients', needs: 'restart', of: ({ clients }) => clients },
  { part: 'operators', needs: 'restart', of: ({ operators }) => operators },
  { part: 'supervision', needs: 'restart', of: ({ supervision }) => supervision },
  { part: 'rating', needs: 'restart', of: ({ rating }) => rating },
  { part: 'http', needs: 'restart', of: ({ http }) => http },
  { part: 'limits', needs: 'restart', of: ({ limits }) => limits },
  { part: 'log', needs: 'restart', of: ({ logLevel }) => logLevel },
  {
    part: 'engines',
    needs: 'restart',
    of: ({ databaseUrl, redisUrl, materialsUrl }) => [databaseUrl, redisUrl, materialsUrl],
  },
]

/** Everything beside systems in which the two differ. */
export function otherChanges(before: Settings, after: Settings): Part[] {
  return parts
    .filter(({ of }) => !isDeepStrictEqual(of(before), of(after)))
    .map(({ part, needs }) => ({ part, needs }))
}

/** Pointers of the deepest fields that differ. */
export function fieldsThatDiffer(before: unknown, after: unknown): string[] {
  const found: string[] = []
  const walk = (one: unknown, other: unknown, pointer: string): void => {
    if (found.length >= MAX_FIELDS || isDeepStrictEqual(one, other)) return
    if (!isGroup(one) || !isGroup(other) || Array.isArray(one) !== Array.isArray(other)) {
      found.push(pointer)
      return
    }
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)]))
      walk(one[key], other[key], `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
  }
  walk(before, after, '')
  return found
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)
