// What the gateway knows of certificate-registry before any system uses it. Must hold declarations only.

import { defineAdapter } from '../../src/adapter-kit/define.ts'
import { createCertificateRegistry } from './adapter.ts'
import type { RegistrySettings } from './settings.ts'
import { settingsSchema } from './settings-schema.ts'
import { statusRows } from './statuses.ts'

export default defineAdapter<RegistrySettings>({
  name: 'certificate-registry',
  kind: 'certificate-registry',
  title: { zh: '电子证照共享服务（CertShare）', en: 'Electronic certificate registry (CertShare)' },
  settings: settingsSchema,
  statuses: statusRows,
  create: createCertificateRegistry,
})
