// JSON Schema (2020-12) of `settings:`, closed; settings.ts is the same as types.

import { reportFields } from '../../src/adapter-kit/case-report.ts'
import { caseEventTypes } from '../../src/adapter-kit/contract.ts'
import {
  closed,
  expression,
  one,
  type Schema,
  table,
  text,
  whole,
} from '../../src/adapter-kit/schema-words.ts'
import { tlsSchema } from '../../src/adapter-kit/tls-schema.ts'
import { answerForms, bodyForms, meanings, spokenOperations } from './dialect.ts'
import { presetNames } from './settings.ts'
import { signingSchema } from './signing-schema.ts'

const answer = closed('如何读取应答 · how an answer is read; expressions see $status and $headers', {
  as: one(answerForms, '应答格式，默认 json · how it is written, default json'),
  accept: {
    type: 'array',
    items: { type: 'integer', minimum: 400, maximum: 599, not: { enum: [401, 403, 408, 429, 502, 504] } },
    description: '除 2xx 外可读取正文的 HTTP 状态 · statuses beside 2xx that are answers to be read',
  },
  code: expression('应答代码 · its code'),
  message: expression('说明 · its message'),
  reference: expression('部门办件编号 · the department’s own number'),
  retryAfterMs: expression('要求等待的毫秒数 · how long it asks us to wait, ms'),
  found: expression('查询结果为真表示已办成 · true when the thing asked for did happen'),
})

const codes = table(
  '代码（或“2*”前缀）的含义；未列出的一律视为无法识别 · what each code (or prefix) means; others are unrecognised',
  { enum: meanings },
)

const request: Schema = {
  method: { enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] },
  path: text(
    '路径，可含 {caseId} 等占位；以 = 开头为 JSONata · path; {caseId}, {matter.code}, {key} … are filled in; JSONata after =',
    { pattern: '^[/=]', examples: ['/cases/{caseId}'] },
  ),
  query: table('查询参数，写法同上，空值不发送 · query, written likewise; empty ones are left out', {
    type: 'string',
  }),
  headers: table('请求头，写法同上 · headers, written likewise', { type: 'string' }),
  as: one(bodyForms, '正文格式，默认 json · how the body is written, default json'),
  body: {
    type: ['string', 'object', 'array'],
    description:
      'JSONata；或模板，其中以 = 开头的文本为 JSONata · JSONata, or a template in which texts beginning with = are JSONata',
  },
}
const asked: Schema = { ...request, answer, codes }
const askedSchema = (description: string): Schema => closed(description, asked, ['method', 'path'])

const operation = closed('一种操作 · one operation', {
  send: closed('请求 · the request', request, ['method', 'path']),
  answer,
  codes,
  find: askedSchema('如何查明先前一次是否到达 · how to find out whether an earlier try arrived'),
  honoursKey: {
    type: 'boolean',
    description: '部门按我方编号去重，可安全重发 · one effect per key, so sending again is safe',
  },
})

const template: Schema = {
  type: ['string', 'object'],
  description:
    '应答模板，可含 {code} {detail} {duplicate} {message.…}（对方消息中的字段） · template; what became of the message, and members of it, are filled in',
}
const report = Object.fromEntries(reportFields.map((field) => [field, expression(field)]))

const incoming = closed('如何读取部门推送的消息 · how its own messages are read', {
  as: one([...answerForms, 'form'], '消息格式，默认 json · how they are written, default json'),
  each: expression('一条消息含多个事件时的列表 · the list, when one message tells of several things'),
  ...report,
  verify: {
    type: 'boolean',
    description:
      '是否验签，默认是；否则须限定 pushClients · whether signatures are checked, default true; otherwise name pushClients',
  },
  signing: { ...signingSchema, description: '与发出不同的签名方式 · signed otherwise than what we send' },
  acknowledge: closed('如何应答 · how it is answered', {
    as: one(
      ['json', 'xml', 'form', 'text'],
      '应答格式；默认对象为 json，文本同消息 · how it is written; default: objects as json, texts as the message was',
    ),
    contentType: text('Content-Type，默认随格式 · default: that of the form', {
      pattern: '^[\\w.+-]+/[\\w.+-]+(?:; ?[\\w-]+=[\\w.-]+)*$',
      examples: ['text/xml'],
    }),
    ok: template,
    failed: template,
    okStatus: whole('成功时的 HTTP 状态，默认 200 · HTTP status when it is taken', 200, 299),
    failedStatus: whole('失败时固定的 HTTP 状态 · HTTP status of refusals', 200, 599),
  }),
})

const page: Schema = {
  items: expression('列表 · the list'),
  cursor: expression('下一页游标，可用 $items · where to go on'),
  more: expression(
    '是否还有，默认按是否满页 · whether there is more at once; default: when the page was full',
  ),
  pageSize: whole('每页条数，默认 200 · items a page', 1, 1000),
  maxMebibytes: whole('一页最大 MiB，默认 4 · largest page, MiB', 1, 32),
}

const polling = closed('轮询：不能推送的部门 · asked again and again, because it cannot push', {
  request: askedSchema('请求，可用 {cursor} {pageSize} · the request'),
  ...page,
  first: { type: 'string', description: '首次请求的游标 · cursor of the very first request' },
  event: closed(
    '每条如何读取，默认同 incoming · how an item is read; what is not said is as in incoming',
    report,
  ),
  settle: askedSchema(
    '确认请求，可用 items（key、outcome、reason） · tells what became of the items: key, outcome, reason',
  ),
})

const listing = closed('某日办件清单，用于对账 · the cases of a day, for reconciliation', {
  request: askedSchema('请求，可用 {day} {page} {cursor} {pageSize} · the request'),
  ...page,
  id: expression('我方编号 · our id'),
  reference: expression('部门编号 · their number'),
  status: expression('状态代码 · status code'),
})

export const settingsSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...closed(
    'REST 部门系统 · a department that speaks REST',
    {
      preset: one(presetNames, '内置格式；其余设置覆盖它 · a format; other settings are laid over it'),
      baseUrl: text('接口地址 · address of the interface', {
        format: 'uri',
        pattern: '^https?://',
        examples: ['https://system.example/api'],
      }),
      charset: one(['utf-8', 'gbk', 'gb18030'], '编码，默认 utf-8 · charset, default utf-8'),
      utcOffset: text('部门时间的时区偏移，默认 +08:00 (Asia/Shanghai) · offset of its local times', {
        pattern: '^[+-]\\d{2}:\\d{2}$',
        examples: ['+08:00'],
      }),
      signing: signingSchema,
      tls: tlsSchema,
      answer,
      codes,
      tables: table(
        '代码表，表达式中以 $code(表, 值) 取用；查不到即失败 · code tables for $code(table, value); what is not there is a failure',
        table('我方 -> 对方 · ours -> theirs', { type: ['string', 'number'] }),
      ),
      operations: closed(
        '各操作 · the operations it offers',
        Object.fromEntries(spokenOperations.map((name) => [name, operation])),
      ),
      files: one(
        ['link', 'inline', 'none'],
        '文件以链接、Base64 或不传送，默认链接；multipart 另行传送 · how files travel in bodies, default link',
      ),
      linkSeconds: whole('链接有效秒数 · how long links live, s', 60, 30 * 86_400),
      statuses: table(
        '状态代码 -> 事件；null 表示无需记录 · status code -> event; null when it tells nothing we track',
        { enum: [...caseEventTypes, null] },
      ),
      incoming,
      polling,
      listing,
      check: askedSchema('无副作用的探测请求 · a request without effect, to prove the connection'),
    },
    ['baseUrl'],
  ),
}
