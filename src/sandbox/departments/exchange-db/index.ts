// One department of the city that exchanges through a database of its own (前置库): its program takes new rows itself,
// and writes what it did for the gateway to read. The counter, the desk and the books are those of every department.

import { Pool } from 'pg'
import type { Actor, CityContext } from '../../actor.ts'
import { createCaller, pause } from '../../caller.ts'
import { openCounter } from '../counter.ts'
import { type Shares, usualShares } from '../course.ts'
import { openDesk } from '../desk.ts'
import { openSuffering } from '../misfortune.ts'
import { booksOf, count, openRegister } from '../project.ts'
import { takeNew } from './intake.ts'
import { exchangeMisfortunes } from './misfortune.ts'
import { exchangeTell } from './reports.ts'
import { exchangeSchema, makeTables } from './tables.ts'
import { openWatching } from './watching.ts'

export { exchangeSchema } from './tables.ts'

interface ExchangeDbOptions {
  /** The system's id: mounted under it; its schema is the id with underscores. */
  id: string
  /** Decides the course of every case. */
  seed: string
  /** PostgreSQL in which the department makes its schema. */
  databaseUrl: string
  shares?: Partial<Shares>
}

const EVERY_MS = 100
const CONNECTIONS = 4

/** Its tables are there once `routes` has resolved. */
export function createExchangeDbDepartment(context: CityContext, options: ExchangeDbOptions): Actor {
  const { id, seed } = options
  const schema = exchangeSchema(id)
  const register = openRegister()
  const stopping = new AbortController()
  const caller = createCaller({ connections: 8 })
  const pool = openPool(options.databaseUrl, CONNECTIONS)
  // Of their own: one that holds the tables must be let go even while all others wait for them.
  const others = openPool(options.databaseUrl, CONNECTIONS)
  const watching = openWatching(pool, schema)
  const desk = openDesk(
    context,
    register,
    stopping.signal,
    exchangeTell({ pool, schema, watch: watching.watch, stopping: stopping.signal }),
  )
  const shares = { ...usualShares, ...options.shares }
  const counter = openCounter({
    register,
    desk,
    caller,
    context,
    id,
    seed,
    shares,
    stopping: stopping.signal,
  })
  const misfortunes = exchangeMisfortunes(others, schema)
  const suffering = openSuffering(context.board, id, misfortunes, stopping.signal)
  let working: Promise<unknown> = Promise.resolve()

  /** Whatever fails is tried again in the next round: a database may be away for a while. */
  const repeat = async (action: () => Promise<boolean>): Promise<void> => {
    while (!stopping.signal.aborted) {
      const more = await action().catch(() => {
        count(register, 'databaseFaults')
        return false
      })
      if (!more) await pause(EVERY_MS, stopping.signal).catch(() => undefined)
    }
  }
  return {
    name: id,
    async routes(app) {
      app.get('/health', () => ({ status: 'ok' }))
      await makeTables(pool, schema)
      working = Promise.all([
        repeat(async () => {
          await suffering.before()
          return takeNew({ pool, schema, counter, register })
        }),
        repeat(async () => {
          await watching.look()
          return false
        }),
      ])
    },
    books: () => booksOf(register),
    async stop() {
      stopping.abort()
      caller.close()
      await working
      await Promise.all([pool.end(), others.end()])
    },
  }
}

/** Values stay as the database wrote them: a local time is no moment of another zone. */
function openPool(connectionString: string, max: number): Pool {
  const pool = new Pool({
    connectionString,
    max,
    application_name: 'sandbox department',
    types: { getTypeParser: () => (text: unknown) => text },
  })
  // A connection that breaks, lent out or not, is one fault of the round that uses it; the next round opens another.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}
