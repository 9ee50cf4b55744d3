// Departments that exchange files: over SFTP, or through a folder.

import { defineAdapter } from '../../src/adapter-kit/define.ts'
import { houseStatuses } from '../../src/adapter-kit/house-reports.ts'
import { createFileDrop } from './adapter.ts'
import type { FileDropSettings } from './settings.ts'
import { settingsSchema } from './settings-schema.ts'

export default defineAdapter<FileDropSettings>({
  name: 'department-file-drop',
  kind: 'department',
  title: { zh: '部门文件交换 (SFTP 或目录)', en: 'Department by file drop (SFTP or folder)' },
  settings: settingsSchema,
  statuses: houseStatuses,
  canNotify: () => false,
  create: createFileDrop,
})
