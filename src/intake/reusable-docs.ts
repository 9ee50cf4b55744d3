// How materials that may be used again appear in the API docs.

import answerSchema from '../../schemas/reusable-answer.schema.json' with { type: 'json' }
import querySchema from '../../schemas/reusable-query.schema.json' with { type: 'json' }
import { type RouteDoc, schemaOf } from '../docs/route-doc.ts'

export const reusableDoc: RouteDoc = {
  tags: ['Materials 材料'],
  summary: 'What a holder may use again 可再次使用的材料（一次提交反复使用）',
  description:
    '部门采信过的材料与证照，附凭据与期限；申办时以 source: shared 和 from 引用。只列出本平台、本客户端区划内的材料。' +
    ' Materials that a department accepted, with proof and last day; a submission names them with source shared and from. Only of the same platform and the client’s divisions.',
  body: {
    schema: schemaOf('reusable-query'),
    examples: { query: { summary: '按申请人与主题 by holder and theme', value: querySchema.examples[0] } },
  },
  responses: {
    200: {
      description: 'The latest first 新的在前',
      schema: schemaOf('reusable-answer'),
      examples: { answer: { summary: '一份材料 one material', value: answerSchema.examples[0] } },
    },
  },
}
