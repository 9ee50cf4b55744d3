// ?matter=&home=&hall=&from=&to= of GET /v1/slots. Anything else is refused, so that a misspelt parameter
// never looks like an answer to another question.

import { dayAfter, isDay } from '../domain/calendar.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { nearest } from '../domain/nearest.ts'
import type { Asked } from '../domain/slots.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { problem } from '../http/problems.ts'
import { inQuery, unknownParameters } from '../http/query-parameters.ts'
import { divisionCode } from '../intake/normalise/index.ts'

export type Query = Readonly<Record<string, string | string[]>>

interface SlotQuery extends Asked {
  home?: string
  hall?: string
}

const parameters = ['matter', 'home', 'hall', 'from', 'to']
/** So many days are shown at once. */
const MOST_DAYS = 31

/** From today for a week unless it says otherwise. @throws problem `invalid-request` with every fault of the query */
export function readSlotQuery(query: Query, today: string, catalogue: Catalogue): SlotQuery {
  const errors: FieldError[] = unknownParameters(query, parameters)
  const once = (name: string): string | undefined => {
    const value = query[name]
    if (value === undefined || (typeof value === 'string' && value !== '')) return value
    errors.push(
      fieldError(inQuery(name), 'invalid-value', `${name} must be given once`, `${name} 只能填写一个`),
    )
    return undefined
  }
  const day = (name: string, otherwise: string): string => {
    const value = once(name)
    if (value === undefined || isDay(value)) return value ?? otherwise
    errors.push(notADay(name))
    return otherwise
  }
  const matter = once('matter')
  if (query.matter === undefined) errors.push(matterMissing)
  else if (matter !== undefined && !catalogue.matters.has(matter))
    errors.push(unknownMatter(matter, catalogue))
  const from = day('from', today)
  const to = day('to', dayAfter(from, 6))
  if (to < from || to >= dayAfter(from, MOST_DAYS)) errors.push(wrongSpan)
  const [asked, hall] = [once('home'), once('hall')]
  const home = asked === undefined ? undefined : divisionCode(asked, catalogue)
  if (typeof home === 'object') errors.push({ pointer: inQuery('home'), ...home })
  if (errors.length > 0 || typeof home === 'object') throw problem('invalid-request', { errors })
  return {
    matter: matter ?? '',
    from,
    to,
    ...(home === undefined ? {} : { home }),
    ...(hall === undefined ? {} : { hall }),
  }
}

const matterMissing = fieldError(
  inQuery('matter'),
  'required',
  'say for which matter: ?matter=',
  '请填写事项：?matter=',
)

const wrongSpan = fieldError(
  inQuery('to'),
  'invalid-value',
  `to must be a day from from on, at most ${MOST_DAYS} days in all`,
  `to 不得早于 from，且合计不超过 ${MOST_DAYS} 天`,
)

const notADay = (name: string): FieldError =>
  fieldError(
    inQuery(name),
    'invalid-date',
    `${name} must be one day such as 2026-12-01`,
    `${name} 必须是一个日期，如 2026-12-01`,
  )

function unknownMatter(code: string, { matters }: Catalogue): FieldError {
  const near = nearest(code, matters.keys())
  return fieldError(
    inQuery('matter'),
    'unknown-matter',
    `There is no matter ${code.slice(0, 64)}${near ? `; did you mean ${near}?` : ''}`,
    `没有事项 ${code.slice(0, 64)}${near ? `，是否为 ${near}？` : ''}`,
  )
}
