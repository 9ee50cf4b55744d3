// How the inbox appears in the API docs.

const tags = ['Departments 部门']

export const inboxDocs = {
  fetch: {
    tags,
    summary: 'Fetch what waits for this system 取收件箱',
    description:
      'For departments that can only call out. Items come oldest first and in order per case; each is leased until it is acknowledged or its time is over. · 供只能主动外呼的部门使用：按先后取件，逾期未确认的将再次出现。',
    query: {
      type: 'object',
      properties: {
        wait: { type: 'integer', minimum: 0, maximum: 30, default: 0, description: 'Seconds · 等待秒数' },
        limit: { type: 'integer', minimum: 1, maximum: 50, default: 50 },
      },
    },
    responses: {
      200: {
        description: 'Items, perhaps none',
        schema: {
          type: 'object',
          properties: {
            items: {
              type: 'array',
              items: {
                type: 'object',
                properties: {
                  id: { type: 'string' },
                  operation: { type: 'string' },
                  fetchedBefore: { type: 'integer' },
                  acknowledgeWithinSeconds: { type: 'integer' },
                  content: { type: 'object' },
                },
              },
            },
          },
        },
      },
    },
  },
  acknowledge: {
    tags,
    summary: 'Say that an item is taken, or refused 确认收件',
    body: {
      schema: {
        type: 'object',
        required: ['outcome'],
        properties: {
          outcome: { enum: ['taken', 'refused'] },
          reference: { type: 'string', minLength: 1, maxLength: 100 },
          code: { type: 'string', minLength: 1, maxLength: 100 },
          reason: { type: 'string', minLength: 1, maxLength: 500 },
        },
      },
    },
    responses: {
      200: {
        description: 'Recorded; `repeated` when it was before',
        schema: {
          type: 'object',
          properties: { id: { type: 'string' }, repeated: { type: 'boolean' } },
        },
      },
    },
  },
}
