// The control desk of the city: its books, its misfortunes and its runs over HTTP, for tests, the demo and people.
// Open to whoever reaches the port: the sandbox must never be exposed.

import type { FastifyInstance } from 'fastify'
import type { CityProgress } from './city.ts'
import { isProfileName, profileNames } from './fault-profiles.ts'
import type { FaultBoard } from './faults.ts'
import { statusPage } from './page.ts'
import type { CityBooks } from './reconcile.ts'
import type { Run, RunRequest } from './runs.ts'

interface ControlledCity {
  board: FaultBoard
  books(): CityBooks
  progress(): CityProgress
  run(request: RunRequest): Run
}

const MOST_AT_ONCE = 1_000_000

/** GET / /books /faults /progress; POST /faults {profile?, actor?, faults?}; POST /run, see RunRequest. */
export function controlRoutes(app: FastifyInstance, city: ControlledCity): void {
  app.get('/books', async () => city.books())
  app.get('/progress', async () => city.progress())
  app.get('/faults', async () => ({ faults: city.board.current(), injected: city.board.counts() }))
  app.get('/', async (_request, reply) => {
    const page = statusPage(city.books(), city.progress(), city.board.counts())
    return reply.type('text/html; charset=utf-8').send(page)
  })
  app.post('/faults', async (request, reply) => {
    const change = (request.body ?? {}) as {
      profile?: unknown
      actor?: unknown
      faults?: Record<string, unknown>
    }
    const { profile, actor } = change
    if (profile !== undefined && !isProfileName(profile)) {
      return reply.code(422).send({ error: `profile must be one of ${profileNames.join(', ')}` })
    }
    try {
      city.board.change({
        ...(profile ? { profile } : {}),
        ...(typeof actor === 'string' ? { actor } : {}),
        faults: change.faults ?? {},
      })
    } catch (error) {
      return reply.code(422).send({ error: error instanceof Error ? error.message : String(error) })
    }
    return { faults: city.board.current() }
  })
  app.post('/run', async (request, reply) => {
    const wanted = (request.body ?? {}) as Partial<RunRequest>
    const { count } = wanted
    if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > MOST_AT_ONCE) {
      return reply.code(422).send({ error: `count must be a whole number from 1 to ${MOST_AT_ONCE}` })
    }
    const seed = wanted.seed === undefined ? {} : { seed: String(wanted.seed) }
    return reply.code(202).send(city.run({ ...wanted, ...seed, count }).progress())
  })
}
