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
        homeDivision: { type: 'string', pattern: '^[1-9][0-9]{5}$', description: '属地区划 · home division' },
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
