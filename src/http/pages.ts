// Lists in pages: `limit` items at most, and `next`, a cursor that goes on after the last of them whatever
// has come meanwhile. Unless asked otherwise a page has 200. A cursor says where the last item stands in the
// list's order; to whoever asks it is a word without meaning.

import type { DocSchema } from '../docs/route-doc.ts'
import { type FieldError, fieldError, noFaults } from './field-error.ts'
import { problem } from './problems.ts'

export interface PageQuery {
  after?: unknown
  limit?: unknown
}

interface Page<P> {
  /** null: from the beginning. */
  after: P | null
  limit: number
}

interface PageAnswer<D> {
  items: readonly D[]
  /** null on the last page. */
  next: string | null
  more: boolean
}

/** Unless a list never has as many. */
const USUAL = 200

interface Pages<P, I> {
  /**
   * `faults`: what else is wrong with the query. @throws problem 400 with them, for a cursor that is none or
   * a limit out of bounds
   */
  asked(query: PageQuery, faults?: readonly FieldError[]): Page<P>
  /** `found`: one more than the limit, where there are more. `shown`: what is answered of each, itself where absent. */
  answer<D = I>(found: readonly I[], limit: number, shown?: (item: I) => D): PageAnswer<D>
  /** For a list whose end moves on: it is answered with a cursor always. */
  cursorOf(item: I): string
  /** For the route's documentation. */
  query: Readonly<Record<'after' | 'limit', object>>
  schema: DocSchema
}

const SEPARATOR = ' '

export function pages<P, I>(list: {
  largest: number
  /** What an item is, for the documentation. */
  item: DocSchema
  /** Words of its position, without spaces. */
  wordsOf(item: I): readonly string[]
  /** null when they are none of ours. */
  positionOf(words: readonly string[]): P | null
}): Pages<P, I> {
  const usual = Math.min(USUAL, list.largest)
  const cursorOf = (item: I): string => Buffer.from(list.wordsOf(item).join(SEPARATOR)).toString('base64url')
  const read = (text: unknown): P | null =>
    typeof text === 'string'
      ? list.positionOf(Buffer.from(text, 'base64url').toString('utf8').split(SEPARATOR))
      : null
  return {
    cursorOf,
    asked({ after, limit }, faults = noFaults) {
      const errors = [...faults]
      const most =
        limit === undefined ? usual : wholeNumber('limit', limit, { least: 1, most: list.largest }, errors)
      const position = after === undefined ? null : read(after)
      if (after !== undefined && position === null) errors.push(notACursor)
      if (errors.length > 0) throw problem('invalid-request', { errors })
      return { after: position, limit: most }
    },
    answer<D = I>(
      found: readonly I[],
      limit: number,
      shown: (item: I) => D = (item) => item as unknown as D,
    ) {
      const items = found.slice(0, limit)
      const more = found.length > limit
      return { items: items.map((item) => shown(item)), next: more ? cursorOf(items.at(-1)!) : null, more }
    },
    query: {
      after: { type: 'string', description: '`next` of the page before · 上一页的 next' },
      limit: { type: 'integer', minimum: 1, maximum: list.largest, default: usual },
    },
    schema: {
      type: 'object',
      required: ['items', 'next', 'more'],
      properties: {
        items: { type: 'array', items: list.item },
        next: {
          type: ['string', 'null'],
          description: '`after` of the next page; null on the last one · 下一页的 after，末页为 null',
        },
        more: { type: 'boolean', description: 'Whether there is a next page · 是否还有下一页' },
      },
    },
  }
}

const notACursor = fieldError(
  '/query/after',
  'invalid-value',
  'must be the `next` of an earlier page',
  '须为上一页返回的 next',
)

/** A parameter that is a whole number within bounds; adds its fault to `errors` where it is not. */
export function wholeNumber(
  name: string,
  text: unknown,
  { least, most }: { least: number; most: number },
  errors: FieldError[],
): number {
  const number = typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  errors.push(
    fieldError(
      `/query/${name}`,
      'invalid-value',
      `must be a whole number from ${least} to ${most}`,
      `须为 ${least} 至 ${most} 的整数`,
    ),
  )
  return least
}
