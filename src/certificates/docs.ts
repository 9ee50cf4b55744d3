// How online verification appears in the API docs.

import answerSchema from '../../schemas/certificate-answer.schema.json' with { type: 'json' }
import querySchema from '../../schemas/certificate-query.schema.json' with { type: 'json' }
import { type RouteDoc, schemaOf } from '../docs/route-doc.ts'

export const certificateQueryDoc: RouteDoc = {
  tags: ['Certificates 电子证照'],
  summary: 'Verify an electronic certificate at a window 窗口在线核验电子证照',
  description:
    '须写明用证事由；答复是证照库此刻的结论，不作保存。 A purpose is required; the answer is what the registry says now, and nothing is kept. 证照不存在或失效仍返回 200，见 status。 A certificate that is missing or no longer good is a 200 with that status.',
  body: {
    schema: schemaOf('certificate-query'),
    examples: { holder: { summary: '按持证者 by holder', value: querySchema.examples[0] } },
  },
  responses: {
    200: {
      description: 'The verdict 核验结论',
      schema: schemaOf('certificate-answer'),
      examples: { valid: { summary: '有效 valid', value: answerSchema.examples[0] } },
    },
  },
}
