// What the gateway knows of tracking-kuaidi100 before any system uses it. Must hold declarations only.

import { defineAdapter } from '../../src/adapter-kit/define.ts'
import { createKuaidi100Tracking } from './adapter.ts'
import type { Kuaidi100Settings } from './settings.ts'
import { settingsSchema } from './settings-schema.ts'
import { stateRows } from './statuses.ts'

export default defineAdapter<Kuaidi100Settings>({
  name: 'tracking-kuaidi100',
  kind: 'carrier',
  title: { zh: '快递100（轨迹订阅与查询）', en: 'Kuaidi100 (tracking of any carrier)' },
  settings: settingsSchema,
  statuses: stateRows,
  create: createKuaidi100Tracking,
})
