// How the requests about a case under way appear in the API docs.

const tags = ['Cases 办件']
const key = {
  type: 'object',
  required: ['Idempotency-Key'],
  properties: { 'Idempotency-Key': { type: 'string', maxLength: 255 } },
}
const responses = {
  202: {
    description: 'Recorded',
    schema: { type: 'object', properties: { caseId: { type: 'string' }, state: { type: 'string' } } },
  },
  200: { description: 'Recorded before' },
}

export const caseRequestDocs = {
  supplement: {
    tags,
    headers: key,
    summary: 'Answer a correction request 补正材料',
    responses,
    body: {
      schema: {
        type: 'object',
        required: ['materials'],
        properties: {
          note: { type: 'string', maxLength: 2000 },
          materials: {
            type: 'array',
            items: {
              type: 'object',
              required: ['code'],
              properties: {
                code: { type: 'string' },
                source: { const: 'upload' },
                materialId: { type: 'string' },
                materialIds: { type: 'array', items: { type: 'string' } },
              },
            },
          },
        },
      },
    },
  },
  withdrawal: {
    tags,
    headers: key,
    summary: 'Withdraw a case 撤回办件',
    responses,
    body: {
      schema: {
        type: 'object',
        required: ['reason'],
        properties: { reason: { type: 'string', maxLength: 500 } },
      },
    },
  },
  appointment: {
    tags,
    headers: key,
    summary: 'The applicant came, or did not 预约到场情况',
    responses,
    body: {
      schema: {
        type: 'object',
        required: ['outcome'],
        properties: {
          outcome: { enum: ['attended', 'missed'] },
          at: { type: 'string', format: 'date-time' },
        },
      },
    },
  },
}
