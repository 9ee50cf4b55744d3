// What the gateway knows of department-soap before any system uses it. Must hold declarations only.

import { defineAdapter } from '../../src/adapter-kit/define.ts'
import { createDepartmentSoap } from './adapter.ts'
import { stepRows } from './ex-gdbs/steps.ts'
import type { SoapSettings } from './settings.ts'
import { settingsSchema } from './settings-schema.ts'

export default defineAdapter<SoapSettings>({
  name: 'department-soap',
  kind: 'department',
  title: {
    zh: '部门 SOAP 接口（含 EX_GDBS 步骤交换）',
    en: 'Department over SOAP, with the EX_GDBS step exchange',
  },
  settings: settingsSchema,
  statuses: stepRows,
  canNotify: ({ profile, plain }) => profile === 'ex-gdbs' || plain?.operations?.notify !== undefined,
  create: createDepartmentSoap,
})
