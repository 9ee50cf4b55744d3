// The presets by name, and how a system's own settings are laid over one.

import type { StatusRow } from '../../../src/adapter-kit/contract.ts'
import { houseStatuses } from '../../../src/adapter-kit/house-reports.ts'
import { isRecord } from '../../../src/adapter-kit/loose-json.ts'
import { house } from '../house/dialect.ts'
import type { DepartmentSettings, PresetName } from '../settings.ts'
import { epointUnion } from './epoint-union.ts'
import type { Preset } from './preset.ts'
import { zfsoft } from './zfsoft.ts'

const none: Preset = { dialect: { operations: {} }, settings: {}, rows: [] }

const presets: Readonly<Record<PresetName, Preset>> = {
  house: { dialect: house, settings: {}, rows: houseStatuses },
  'epoint-union': epointUnion,
  zfsoft,
}

export const presetOf = (name: PresetName | undefined): Preset => (name === undefined ? none : presets[name])

/** For the docs: codes of other formats than the house's are told with their preset. */
export const presetStatuses: readonly StatusRow[] = Object.entries(presets).flatMap(([name, { rows }]) =>
  rows.map((row) => (name === 'house' ? row : { ...row, code: `${name} ${row.code}` })),
)

/** Members that are one thing: they are replaced, never mixed. */
const whole = new Set(['send', 'find', 'check', 'request', 'settle', 'acknowledge', 'signing'])

/** The system's own settings over the preset's, member by member. */
export function laidOver(base: Preset['settings'], own: DepartmentSettings): DepartmentSettings {
  return merged(base, own) as DepartmentSettings
}

function merged(base: unknown, own: unknown): unknown {
  if (own === undefined) return base
  if (!isRecord(base) || !isRecord(own)) return own
  const names = new Set([...Object.keys(base), ...Object.keys(own)])
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      whole.has(name) ? (own[name] ?? base[name]) : merged(base[name], own[name]),
    ]),
  )
}
