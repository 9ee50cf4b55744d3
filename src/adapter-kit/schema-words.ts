// The few shapes that the schemas of adapters' settings are made of.

export type Schema = Record<string, unknown>

export const text = (description: string, more: Schema = {}): Schema => ({
  type: 'string',
  minLength: 1,
  description,
  ...more,
})

export const expression = (description: string): Schema => text(`${description} (JSONata)`)

export const closed = (
  description: string,
  properties: Schema,
  required: readonly string[] = [],
): Schema => ({
  type: 'object',
  description,
  additionalProperties: false,
  ...(required.length > 0 ? { required } : {}),
  properties,
})

export const table = (description: string, values: Schema): Schema => ({
  type: 'object',
  description,
  additionalProperties: values,
})

export const one = (values: readonly unknown[], description: string): Schema => ({
  enum: values,
  description,
})

export const whole = (description: string, minimum: number, maximum: number): Schema => ({
  type: 'integer',
  minimum,
  maximum,
  description,
})
