// What the gateway knows of postal-sf before any system uses it. Must hold declarations only.

import { defineAdapter } from '../../src/adapter-kit/define.ts'
import { createPostalSf } from './adapter.ts'
import type { SfSettings } from './settings.ts'
import { settingsSchema } from './settings-schema.ts'
import { routeRows } from './statuses.ts'

export default defineAdapter<SfSettings>({
  name: 'postal-sf',
  kind: 'carrier',
  title: { zh: '顺丰速运（丰桥）', en: 'SF Express (open platform)' },
  settings: settingsSchema,
  statuses: routeRows,
  create: createPostalSf,
})
