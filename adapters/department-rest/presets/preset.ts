// What a preset is: a dialect written by hand, or settings like any system's own, which they are laid over.

import type { CaseEventType, StatusRow } from '../../../src/adapter-kit/contract.ts'
import type { Dialect, Statuses } from '../dialect.ts'
import type { DepartmentSettings } from '../settings.ts'

export interface Preset {
  dialect: Dialect
  settings: Omit<DepartmentSettings, 'baseUrl'>
  statuses: Statuses
  /** The statuses with their meanings, for the docs. */
  rows: readonly PresetRow[]
}

export type PresetRow = StatusRow & { word: CaseEventType | null }

export const row = (code: string, word: CaseEventType | null, zh: string, en: string): PresetRow => ({
  code,
  word,
  meaning: { zh, en },
})

export const statusTable = (rows: readonly PresetRow[]): Statuses =>
  Object.fromEntries(rows.map(({ code, word }) => [code, word]))
