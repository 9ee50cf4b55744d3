// Departments that speak REST, by configuration alone.

import { defineAdapter } from '../../src/adapter-kit/define.ts'
import { createDepartmentRest } from './adapter.ts'
import { houseStatuses } from './house/statuses.ts'
import { type DepartmentSettings, settingsSchema } from './settings.ts'

export default defineAdapter<DepartmentSettings>({
  name: 'department-rest',
  kind: 'department',
  title: { zh: '部门 REST 接口', en: 'Department over REST' },
  settings: settingsSchema,
  statuses: houseStatuses,
  create: createDepartmentRest,
})
