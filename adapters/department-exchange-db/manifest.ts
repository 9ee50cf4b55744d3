// Departments that exchange through a database of their own, by configuration alone.

import { defineAdapter } from '../../src/adapter-kit/define.ts'
import { createDepartmentExchangeDb } from './adapter.ts'
import type { ExchangeSettings } from './settings.ts'
import { settingsSchema } from './settings-schema.ts'
import { houseStatusRows } from './statuses.ts'

export default defineAdapter<ExchangeSettings>({
  name: 'department-exchange-db',
  kind: 'department',
  title: { zh: '部门前置库', en: 'Department over an exchange database' },
  settings: settingsSchema,
  statuses: houseStatusRows,
  canNotify: () => false,
  create: createDepartmentExchangeDb,
})
