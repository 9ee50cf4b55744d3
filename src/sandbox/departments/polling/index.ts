// A department that can be called but never calls: it takes cases as the others do, but what it would push
// lies in a list until the gateway asks for what comes after it. Asking beyond a report acknowledges it. It
// also lists its cases of a day.

import type { FastifyRequest } from 'fastify'
import type { Actor, ActorBooks, CityContext } from '../../actor.ts'
import type { DepartmentOptions } from '../index.ts'
import { createDepartment } from '../index.ts'
import { openOutbox } from './outbox.ts'

type PollingDepartmentOptions = DepartmentOptions

const MOST_A_PAGE = 500
const USUAL_A_PAGE = 200
/** In the form that a department expects from whoever took its report. */
const TAKEN = { status: 200, body: '{"code":"0","message":"ok"}' }

export function createPollingDepartment(context: CityContext, options: PollingDepartmentOptions): Actor {
  const outbox = openOutbox()
  const department = createDepartment(
    {
      ...context,
      async push(_actor, { body }) {
        await outbox.put(JSON.parse(body.toString()))
        return TAKEN
      },
    },
    options,
  )
  const counts = { polls: 0, lists: 0 }
  return {
    name: options.id,
    async routes(app) {
      await department.routes(app)
      app.get('/api/v1/project/events', (request) => {
        counts.polls++
        return answer(outbox.after(number(request, 'after'), limit(request)))
      })
      app.get('/api/v1/project/list', (request) => {
        counts.lists++
        const page = listed(
          department.books(),
          text(request, 'day'),
          number(request, 'after'),
          limit(request),
        )
        return answer(page)
      })
    },
    books() {
      const books = department.books()
      return { effects: books.effects, counts: { ...books.counts, ...counts } }
    },
    async stop() {
      outbox.close()
      await department.stop?.()
    },
  }
}

interface Page {
  items: unknown[]
  cursor: string
  more: boolean
}

const answer = (data: Page) => ({ code: '0', message: 'ok', data })

/** The day a case came is written in its number. */
function listed({ effects }: ActorBooks, day: string, after: number, most: number): Page {
  const written = day.replaceAll('-', '')
  const ofDay = effects.filter(({ kind, reference }) => kind === 'case' && reference.includes(written))
  const items = ofDay.slice(after, after + most)
  return {
    items: items.map(({ key, reference, state }) => ({ outerNo: key, projectNo: reference, status: state })),
    cursor: String(after + items.length),
    more: after + items.length < ofDay.length,
  }
}

const text = (request: FastifyRequest, name: string): string =>
  (request.query as Record<string, string | undefined>)[name] ?? ''

/** What is no number is the beginning. */
function number(request: FastifyRequest, name: string): number {
  const value = Number(text(request, name))
  return Number.isSafeInteger(value) && value > 0 ? value : 0
}

const limit = (request: FastifyRequest): number =>
  Math.min(number(request, 'limit') || USUAL_A_PAGE, MOST_A_PAGE)
