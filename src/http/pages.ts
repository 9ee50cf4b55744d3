// Lists in pages: `limit` items at most, and `next`, a cursor that goes on after the last of them whatever has come
// meanwhile. A cursor says where the last item stands in the list's order; to whoever asks it is a word without meaning.

import { type FieldError, fieldError } from './field-error.ts'
import { problem } from './problems.ts'

export interface PageQuery {
  after?: unknown
  limit?: unknown
}

export interface Page<P> {
  /** null: from the beginning. */
  after: P | null
  limit: number
}

export interface Pages<P, I> {
  /** @throws ProblemError 400 for a cursor that is none, or a limit out of bounds */
  asked(query: PageQuery): Page<P>
  /** `found`: one more than the limit, where there are more. */
  answer(found: readonly I[], limit: number): { items: readonly I[]; next: string | null; more: boolean }
  /** For the route's documentation. */
  query: Readonly<Record<'after' | 'limit', object>>
  schema: Readonly<Record<string, unknown>>
}

const SEPARATOR = ' '

export function pages<P, I>(list: {
  largest: number
  /** Words of its position, without spaces. */
  wordsOf(item: I): readonly string[]
  /** null when they are none of ours. */
  positionOf(words: readonly string[]): P | null
}): Pages<P, I> {
  const cursorOf = (item: I): string => Buffer.from(list.wordsOf(item).join(SEPARATOR)).toString('base64url')
  const read = (text: unknown): P | null =>
    typeof text === 'string'
      ? list.positionOf(Buffer.from(text, 'base64url').toString('utf8').split(SEPARATOR))
      : null
  return {
    asked({ after, limit = list.largest }) {
      const errors: FieldError[] = []
      const position = after === undefined ? null : read(after)
      if (after !== undefined && position === null)
        errors.push(
          fieldError(
            '/query/after',
            'invalid-value',
            'must be the `next` of an earlier page',
            '须为上一页返回的 next',
          ),
        )
      const most = Number(limit)
      if (!Number.isInteger(most) || most < 1 || most > list.largest)
        errors.push(
          fieldError(
            '/query/limit',
            'invalid-value',
            `must be a whole number from 1 to ${list.largest}`,
            `须为 1 至 ${list.largest} 的整数`,
          ),
        )
      if (errors.length > 0) throw problem('invalid-request', { errors })
      return { after: position, limit: most }
    },
    answer(found, limit) {
      const items = found.slice(0, limit)
      const more = found.length > limit
      return { items, next: more ? cursorOf(items.at(-1)!) : null, more }
    },
    query: {
      after: { type: 'string', description: '`next` of the page before · 上一页的 next' },
      limit: { type: 'integer', minimum: 1, maximum: list.largest, default: list.largest },
    },
    schema: {
      type: 'object',
      properties: {
        items: { type: 'array', items: { type: 'object' } },
        next: { type: ['string', 'null'] },
        more: { type: 'boolean' },
      },
    },
  }
}
