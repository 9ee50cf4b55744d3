// What two readings of the configuration differ in: systems field by field, everything else by its part.
// Names and field paths only; a value may be a secret and is never shown.

import { isDeepStrictEqual } from 'node:util'
import { pointerPart } from '../domain/pointer.ts'
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

/** Read anew by every decision: a change counts from the reload on. */
const atOnce = ['deadlines', 'certificates', 'custody'] as const
export type AtOnce = (typeof atOnce)[number]

/** Told field by field, told with another, or given by whoever started the process. */
type Untold = 'systems' | 'catalogueFiles' | 'configDir' | 'dataDir' | 'version'

/** A setting that is in none of the three lists does not compile. */
const waiting: { readonly [Setting in Exclude<keyof Settings, AtOnce | Untold>]: Part } = {
  catalogue: { part: 'matters', needs: 'restart or catalogue activation' },
  halls: { part: 'halls', needs: 'restart' },
  postal: { part: 'postal', needs: 'restart' },
  calendar: { part: 'calendar', needs: 'restart' },
  calendarWarnFrom: { part: 'calendar', needs: 'restart' },
  city: { part: 'city', needs: 'restart' },
  clients: { part: 'clients', needs: 'restart' },
  operators: { part: 'operators', needs: 'restart' },
  supervision: { part: 'supervision', needs: 'restart' },
  rating: { part: 'rating', needs: 'restart' },
  http: { part: 'http', needs: 'restart' },
  limits: { part: 'limits', needs: 'restart' },
  logLevel: { part: 'log', needs: 'restart' },
  databaseUrl: { part: 'engines', needs: 'restart' },
  redisUrl: { part: 'engines', needs: 'restart' },
  materialsUrl: { part: 'engines', needs: 'restart' },
  keys: { part: 'keys', needs: 'restart' },
}

/** Everything beside systems in which the two differ and which the next start alone takes up. */
export function otherChanges(before: Settings, after: Settings): Part[] {
  const differing = Object.entries(waiting).filter(([setting]) =>
    differ(setting as keyof typeof waiting, before, after),
  )
  return [...new Map(differing.map(([, { part, needs }]) => [part, { part, needs }])).values()]
}

/** The limits in which the two differ. */
export const limitChanges = (before: Settings, after: Settings): AtOnce[] =>
  atOnce.filter((setting) => differ(setting, before, after))

/** A catalogue is compared by its version: what was built of the same files is the same. */
function differ(setting: keyof Settings, before: Settings, after: Settings): boolean {
  const of = (settings: Settings): unknown =>
    setting === 'catalogue' ? settings.catalogue.version : settings[setting]
  return !isDeepStrictEqual(of(before), of(after))
}

/** Pointers of the deepest fields that differ. */
function fieldsThatDiffer(before: unknown, after: unknown): string[] {
  const found: string[] = []
  const walk = (one: unknown, other: unknown, pointer: string): void => {
    if (found.length >= MAX_FIELDS || isDeepStrictEqual(one, other)) return
    if (!isGroup(one) || !isGroup(other) || Array.isArray(one) !== Array.isArray(other)) {
      found.push(pointer)
      return
    }
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)]))
      walk(one[key], other[key], `${pointer}/${pointerPart(key)}`)
  }
  walk(before, after, '')
  return found
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)
