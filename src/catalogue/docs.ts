// What the catalogue's routes say of themselves in the OpenAPI document. Documentation only.

import { type RouteDoc, schemaOf } from '../docs/route-doc.ts'
import { unmodified } from '../http/entity-tags.ts'

const tags = ['Catalogue 事项清单']
const version = {
  type: 'string',
  description:
    '清单版本号或哈希，默认为现行版本 · number or hash of a recorded version; default the one in force',
  examples: ['1'],
}
const query = { type: 'object', properties: { version } }

export const themesDoc: RouteDoc = {
  tags,
  summary: '一件事主题列表 · List the themes',
  query,
  responses: {
    200: {
      description: '主题 · Themes',
      schema: {
        type: 'object',
        required: ['version', 'effectiveFrom', 'themes'],
        properties: {
          version: { type: 'string' },
          effectiveFrom: { type: 'string', format: 'date' },
          themes: {
            type: 'array',
            items: {
              type: 'object',
              required: ['code', 'name', 'applicant', 'modes'],
              properties: {
                code: { type: 'string' },
                name: schemaOf('theme', 'names'),
                applicant: { enum: ['person', 'organisation', 'any'] },
                modes: { type: 'array', items: { enum: ['online', 'agent', 'appointment'] } },
              },
            },
          },
        },
      },
    },
    ...unmodified,
  },
}

export const themeDoc: RouteDoc = {
  tags,
  summary: '一个主题的情形、表单与事项 · One theme: its situations, form and matters',
  query,
  responses: { 200: { description: '主题 · The theme', schema: schemaOf('theme') }, ...unmodified },
}

export const checklistDoc: RouteDoc = {
  tags,
  summary: '按标提交、照单收件：申办清单 · Exactly what to submit',
  description:
    '主题、属地、方式与情形确定后，应交材料、表单、时限与地点。情形与个别事项的办理方式可写成 JSON，也可逐个写成 situations[代码]=值、modes[事项]=方式。' +
    ' Theme, home division, mode and situations decide the materials, form, limits and places. `situations` and `modes` may also be' +
    ' given as one parameter each: `situations[code]=value`, `modes[matter]=mode`.',
  query: {
    type: 'object',
    required: ['home', 'mode'],
    properties: {
      home: {
        type: 'string',
        description:
          '属地区划代码，6、9 或 12 位，旧代码亦可 · home division: 6, 9 or 12 digits, old codes too',
        examples: ['410221'],
      },
      mode: { enum: ['online', 'agent', 'appointment'], description: '办理方式 · mode' },
      modes: {
        type: 'string',
        description:
          '办理方式与整体不同的事项 (JSON) · matters handled in another mode than the rest, as JSON',
        examples: ['{"food-licence":"appointment"}'],
      },
      situations: {
        type: 'string',
        description: '情形答案 (JSON) · answers as JSON',
        examples: ['{"hasFireEquipment":true}'],
      },
      version,
    },
  },
  responses: { 200: { description: '清单 · The checklist', schema: schemaOf('checklist') }, ...unmodified },
}

export const authorisationsDoc: RouteDoc = {
  tags,
  summary: '大厅窗口的授权矩阵（充分授权） · What the windows of a hall may collect and accept',
  description:
    '逐窗口、逐事项列出收件 (collect) 与受理 (accept) 权限及期限；给出 on 时仅列该日有效的授权。' +
    ' Window by window and matter by matter; with `on`, only what is in force on that day.',
  query: {
    type: 'object',
    properties: {
      on: { type: 'string', format: 'date', description: '日期 · a day', examples: ['2026-11-23'] },
    },
  },
  responses: {
    200: { description: '授权矩阵 · The matrix', schema: schemaOf('hall-authorisations') },
    ...unmodified,
  },
}
