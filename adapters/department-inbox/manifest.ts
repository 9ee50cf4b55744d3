// Departments that can only call out: they fetch their cases from an inbox, and post what happened.

import { defineAdapter } from '../../src/adapter-kit/define.ts'
import { createDepartmentInbox } from './adapter.ts'
import { type InboxSettings, settingsSchema } from './settings.ts'
import { statuses } from './statuses.ts'

export default defineAdapter<InboxSettings>({
  name: 'department-inbox',
  kind: 'department',
  title: { zh: '部门主动取件(收件箱)', en: 'Department that empties an inbox' },
  settings: settingsSchema,
  statuses,
  needsPushClients: () => true,
  canNotify: ({ notify }) => notify === true,
  create: createDepartmentInbox,
})
