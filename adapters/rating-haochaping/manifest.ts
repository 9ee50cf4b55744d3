// What the gateway knows of rating-haochaping before any system uses it. Must hold declarations only.

import { defineAdapter } from '../../src/adapter-kit/define.ts'
import { createHaochaping } from './adapter.ts'
import type { HaochapingSettings } from './settings.ts'
import { settingsSchema } from './settings-schema.ts'
import { satisfactionRows } from './statuses.ts'

export default defineAdapter<HaochapingSettings>({
  name: 'rating-haochaping',
  kind: 'rating',
  title: { zh: '政务服务“好差评”系统', en: 'Good-or-bad rating system of government services' },
  settings: settingsSchema,
  statuses: satisfactionRows,
  create: createHaochaping,
})
