// What a preset is: a dialect written by hand, or settings like any system's own, which they are laid over.

import type { CaseEventType } from '../../../src/adapter-kit/contract.ts'
import type { StatusOf } from '../../../src/adapter-kit/status-table.ts'
import type { Dialect } from '../dialect.ts'
import type { DepartmentSettings } from '../settings.ts'

export interface Preset {
  dialect: Dialect
  settings: Omit<DepartmentSettings, 'baseUrl'>
  /** Its statuses, with their meanings for the docs. */
  rows: readonly StatusOf<CaseEventType | null>[]
}
