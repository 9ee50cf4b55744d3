// Departments that speak REST, by configuration alone.

import { defineAdapter } from '../../src/adapter-kit/define.ts'
import { createDepartmentRest } from './adapter.ts'
import { presetStatuses } from './presets/index.ts'
import type { DepartmentSettings } from './settings.ts'
import { settingsSchema } from './settings-schema.ts'

export default defineAdapter<DepartmentSettings>({
  name: 'department-rest',
  kind: 'department',
  title: { zh: '部门 REST 接口', en: 'Department over REST' },
  settings: settingsSchema,
  statuses: presetStatuses,
  canNotify: ({ operations }) => operations?.notify !== undefined,
  needsPushClients: ({ incoming }) => incoming?.verify === false,
  create: createDepartmentRest,
})
