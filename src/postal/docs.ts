// How the address check appears in the API docs.

const text = { type: 'string', minLength: 1, maxLength: 200 }

export const addressCheckDoc = {
  tags: ['Post 邮寄'],
  summary: 'Can an address be served? 校验寄递地址',
  body: {
    schema: {
      type: 'object',
      required: ['homeDivision', 'province', 'city', 'county', 'address'],
      properties: {
        homeDivision: {
          type: 'string',
          minLength: 1,
          description:
            '属地区划，6、9 或 12 位，旧代码亦可 · home division: 6, 9 or 12 digits, old codes too',
          examples: ['410204'],
        },
        province: text,
        city: text,
        county: text,
        address: text,
      },
    },
  },
  responses: {
    200: {
      description: 'What the carrier of the division says',
      schema: {
        type: 'object',
        properties: {
          carrier: { type: 'string' },
          reachable: { type: 'boolean' },
          reason: { type: 'string' },
        },
      },
    },
  },
}
