// A flat body as name and value, one pair for each of a list; what is not said is left out.

import { unfit } from './unfit.ts'

const MOST_FIELDS = 1_000

export function fieldsOf(body: unknown): [string, unknown][] {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw unfit('表单正文应为对象 (the body of a form is not an object)')
  const fields = Object.entries(body).flatMap(([name, value]): [string, unknown][] =>
    Array.isArray(value) ? value.map((one: unknown) => [name, one]) : [[name, value]],
  )
  if (fields.length > MOST_FIELDS) throw unfit('表单字段过多 (the form has too many fields)')
  return fields.filter(([, value]) => value !== undefined && value !== null)
}
