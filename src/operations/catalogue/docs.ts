// What the routes of the catalogue's versions say of themselves in the OpenAPI document. Documentation only.

import { refusalOf, schemaOf } from '../../docs/route-doc.ts'
import { unmodified } from '../../http/entity-tags.ts'
import { optionalKeyHeader } from '../../http/idempotency-key.ts'

const tags = ['Operations 运维']
const day = { type: 'string', format: 'date' }
const standing = { enum: ['in-force', 'waiting', 'past', 'replaced'] }
const version = {
  type: 'object',
  properties: {
    number: { type: 'integer', description: '1 for the first, growing by one · 版本号' },
    version: { type: 'string', description: 'Content hash · 内容哈希' },
    effectiveFrom: day,
    activatedAt: { type: 'string', format: 'date-time' },
    by: { type: 'string' },
    standing,
  },
}
const unknown = { 404: refusalOf('No such version') }
const body = {
  schema: {
    type: 'object',
    properties: {
      replace: {
        type: 'boolean',
        default: false,
        description:
          'It may take the days of versions recorded before: the same effectiveFrom, or an earlier one. 允许替换生效日期相同或更晚的已有版本',
      },
    },
  },
}
const refusals = {
  422: refusalOf('Every problem with its file, line and column; what was in force stays'),
}
const text = { type: 'string' }
const number = { type: 'integer' }
const changes = {
  type: 'array',
  items: {
    type: 'object',
    required: ['what', 'change', 'code', 'message', 'messageZh'],
    description: 'One thing that was added, removed or changed · 一项新增、删除或变更',
    properties: {
      what: text,
      change: { enum: ['added', 'removed', 'changed'] },
      code: text,
      of: { type: 'object', properties: { what: { enum: ['theme', 'matter'] }, code: text } },
      name: schemaOf('theme', 'names'),
      fields: {
        type: 'array',
        items: text,
        description: 'Of what changed: those that differ · 有变动的字段',
      },
      before: { description: 'Of limits and systems · 变更前' },
      after: { description: 'Of limits and systems · 变更后' },
      message: text,
      messageZh: text,
    },
  },
}

export const docs = {
  list: {
    tags,
    summary: 'The recorded versions of the catalogue 事项清单版本',
    description:
      'The newest first: number, content hash, first day, who activated it and when, and its standing.',
    responses: {
      200: {
        description: 'All versions, and the number of the one in force',
        schema: {
          type: 'object',
          required: ['inForce', 'items'],
          properties: { inForce: { type: 'integer' }, items: { type: 'array', items: version } },
        },
      },
      ...unmodified,
    },
  },
  show: {
    tags,
    summary: 'One version with its files 某一版本的内容',
    responses: {
      200: {
        description: 'By number or content hash',
        schema: {
          ...version,
          properties: {
            ...version.properties,
            themes: { type: 'array', items: { type: 'string' } },
            matters: { type: 'integer' },
            divisions: { type: 'integer' },
            departments: { type: 'integer' },
            files: {
              type: 'array',
              items: { type: 'object', required: ['file', 'data'], properties: { file: text, data: {} } },
            },
          },
        },
      },
      ...unmodified,
      ...unknown,
    },
  },
  diff: {
    tags,
    summary: 'What two versions differ in 版本差异',
    query: {
      type: 'object',
      properties: {
        from: { type: 'string', description: 'Number or hash; default the version in force 默认为现行版本' },
        to: { type: 'string', description: 'Number or hash; default the newest 默认为最新版本' },
      },
    },
    responses: {
      200: {
        description: 'Each change with a line in both languages',
        schema: {
          type: 'object',
          required: ['from', 'to', 'changes'],
          properties: { from: version, to: version, changes },
        },
      },
      ...unmodified,
      ...unknown,
    },
  },
  validate: {
    tags,
    summary: 'Would the files be a catalogue? 校验清单文件',
    body,
    responses: {
      200: {
        description: 'They are right: what would change',
        schema: {
          type: 'object',
          required: ['result', 'version', 'effectiveFrom', 'recorded', 'changes'],
          properties: {
            result: { const: 'valid' },
            version: text,
            effectiveFrom: day,
            recorded: {
              type: ['integer', 'null'],
              description: 'Its number, where it was recorded before · 已有版本号',
            },
            changes,
          },
        },
      },
      ...refusals,
    },
  },
  activate: {
    tags,
    summary: 'Bring the files into force 启用清单',
    headers: optionalKeyHeader,
    description:
      'Read, checked whole and recorded; in force from its effectiveFrom on, in every process within a second. Submissions keep the version that they were made under.',
    body,
    responses: {
      200: {
        description: 'Activated, or unchanged; what changed',
        schema: {
          type: 'object',
          required: ['result', 'number', 'version', 'effectiveFrom', 'standing', 'changes'],
          properties: {
            result: { enum: ['activated', 'unchanged'] },
            number,
            version: text,
            effectiveFrom: day,
            standing,
            changes,
          },
        },
      },
      ...refusals,
    },
  },
}
