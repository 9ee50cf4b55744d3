// How custody appears in the API docs.

import { schemaOf } from '../docs/route-doc.ts'
import { keyHeader } from '../http/idempotency-key.ts'
import { recorded } from './case-request-docs.ts'

const keeper = (description: string) => ({
  type: 'object',
  required: ['kind'],
  description,
  properties: {
    kind: { enum: ['applicant', 'window', 'carrier', 'department'] },
    hall: { type: 'string', description: 'Windows; default: that of the submission · 大厅，默认为收件大厅' },
    window: { type: 'string' },
    system: { type: 'string', description: 'Carriers and departments: id of the system · 对接系统标识' },
    person: {
      type: 'string',
      minLength: 1,
      maxLength: 60,
      description: 'Of an applicant only the family name is kept · 经手人',
    },
  },
})

const example = {
  materials: ['licence-original'],
  from: { kind: 'window', hall: '410204-01', window: '01', person: '王晓明' },
  to: { kind: 'carrier', system: 'ems' },
  at: '2026-11-23T16:30:00+08:00',
  place: '鼓楼区政务服务大厅',
  waybill: '1234567890123',
}

export const custodyDocs = {
  report: {
    tags: ['Submissions 申办'],
    summary: 'Papers changed hands 报告材料交接',
    description:
      'A report that does not begin where the last one ended is taken, with an alarm (custody.gap). The same again changes nothing; the same by the other side confirms it. Windows are reported for by clients of their divisions (`division-not-allowed`), and take papers in for matters they may collect on that day (`window-not-authorised`, `window-not-in-force`). · 与上一环节不衔接的交接仍予记录并告警；重复报告不改变任何内容；对方的相同报告视为确认。须由所涉大厅行政区划的调用方报告；窗口接收材料须在授权期限内有权收取相应事项。',
    headers: keyHeader,
    body: {
      schema: {
        type: 'object',
        required: ['from', 'to'],
        properties: {
          materials: {
            type: 'array',
            items: { type: 'string' },
            description: 'Codes of materials · 材料编码',
          },
          results: {
            type: 'array',
            items: { type: 'string' },
            description: 'Matters whose results on paper they are · 纸质结果所属事项编码',
          },
          from: keeper('Who gave it · 移交方'),
          to: keeper('Who has it now · 接收方'),
          at: { type: 'string', format: 'date-time', description: 'Default: now · 默认为当前时间' },
          place: { type: 'string', minLength: 1, maxLength: 200 },
          waybill: { type: 'string', minLength: 1, maxLength: 40 },
          note: { type: 'string', minLength: 1, maxLength: 500 },
        },
      },
      examples: { posted: { summary: '窗口交寄', value: example } },
    },
    responses: recorded({
      type: 'object',
      required: ['submissionId', 'items'],
      properties: {
        submissionId: { type: 'string' },
        items: {
          type: 'array',
          items: schemaOf('paper'),
          description: 'The papers as they stand now · 当前交接状态',
        },
      },
    }),
  },
  page: {
    tags: ['Submissions 申办'],
    summary: 'The hand-over list, to print 交接单',
    responses: { 200: { description: 'A page without scripts', contentType: 'text/html' } },
  },
}
