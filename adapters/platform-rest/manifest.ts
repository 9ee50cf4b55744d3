// What the gateway knows of platform-rest before any platform uses it. Must hold declarations only.

import { defineAdapter } from '../../src/adapter-kit/define.ts'
import { createPlatformRest } from './adapter.ts'
import type { PlatformSettings } from './settings.ts'
import { settingsSchema } from './settings-schema.ts'

export default defineAdapter<PlatformSettings>({
  name: 'platform-rest',
  kind: 'platform',
  title: {
    zh: '政务服务平台（REST 与 CloudEvents）',
    en: 'Government service platform (REST and CloudEvents)',
  },
  settings: settingsSchema,
  canNotify: ({ callbacks }) => callbacks !== undefined,
  create: createPlatformRest,
})
