// What the gateway knows of appointment-book-rest before any system uses it. Must hold declarations only.

import { defineAdapter } from '../../src/adapter-kit/define.ts'
import { createAppointmentBook } from './adapter.ts'
import type { BookSettings } from './settings.ts'
import { settingsSchema } from './settings-schema.ts'
import { statuses } from './statuses.ts'

export default defineAdapter<BookSettings>({
  name: 'appointment-book-rest',
  kind: 'appointment-book',
  title: { zh: '部门预约系统（REST）', en: "A department's booking system (REST)" },
  settings: settingsSchema,
  statuses,
  create: createAppointmentBook,
})
