// What the gateway knows of postal-ems before any system uses it. Must hold declarations only.

import { defineAdapter } from '../../src/adapter-kit/define.ts'
import { createPostalEms } from './adapter.ts'
import type { EmsSettings } from './settings.ts'
import { settingsSchema } from './settings-schema.ts'
import { trackRows } from './statuses.ts'

export default defineAdapter<EmsSettings>({
  name: 'postal-ems',
  kind: 'carrier',
  title: { zh: '中国邮政速递物流 EMS（协议客户 API）', en: 'China Post EMS (contract customer API)' },
  settings: settingsSchema,
  statuses: trackRows,
  create: createPostalEms,
})
