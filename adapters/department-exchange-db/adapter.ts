// A department's exchange database (前置库): cases are written into its tables, what happened is read from them.

import type { Adapter } from '../../src/adapter-kit/contract.ts'
import { checkExchange } from './check.ts'
import { readByFlag } from './claims.ts'
import { clean } from './cleaning.ts'
import { cleanCases } from './cleaning-cases.ts'
import { type Database, openDatabase } from './database.ts'
import { type Layout, layoutOf } from './layout.ts'
import { listDay } from './listing.ts'
import { mysql } from './mysql.ts'
import { outgoingOf } from './outgoing.ts'
import { postgresql } from './postgresql.ts'
import { previewOf } from './preview.ts'
import type { ExchangeSettings } from './settings.ts'
import { settle } from './settle.ts'
import { unmarkedRows } from './unmarked.ts'
import { readByWatermark } from './watermark.ts'

const CONNECTIONS = 4
const CONNECT_MS = 5_000
const STATEMENT_MS = 15_000
/** The server ends a statement that takes too long; only if it does not even say so, the connection is given up. */
const GRACE_MS = 2_000

/** @throws AdapterFailure 'unrecognised' for settings that make no sense together */
export function createDepartmentExchangeDb(settings: ExchangeSettings): Adapter {
  const layout = layoutOf(settings)
  const database = databaseOf(settings, layout)
  return {
    outgoing: outgoingOf({ settings, layout, database }),
    ...pollingOf(layout, database),
    ...(layout.accept.has('cd_time')
      ? { listing: { list: (day, attempt) => listDay(layout, database, day, attempt) } }
      : {}),
    check: (attempt) => checkExchange(layout, database, attempt),
    preview: (operation, content, attempt) =>
      previewOf(layout, database.dialect, operation, content, attempt),
    close: () => database.close(),
  }
}

function pollingOf(layout: Layout, database: Database): Pick<Adapter, 'polling'> {
  if (layout.polled.length === 0) return {}
  if (layout.watermark)
    return { polling: { read: (after, attempt) => readByWatermark(layout, database, after, attempt) } }
  const unmarked = unmarkedRows(layout)
  return {
    polling: {
      read: (_after, attempt) => readByFlag(layout, database, attempt, unmarked),
      async settle(items, attempt) {
        const refusal = await settle(layout, database, items, attempt, unmarked)
        await clean(layout, database, attempt)
        await cleanCases(layout, database, attempt)
        if (refusal) throw refusal
      },
    },
  }
}

function databaseOf(settings: ExchangeSettings, { offset }: Layout): Database {
  const {
    connections = CONNECTIONS,
    connectTimeoutMs = CONNECT_MS,
    statementTimeoutMs = STATEMENT_MS,
  } = settings
  const limits = { connections, connectMs: connectTimeoutMs, statementMs: statementTimeoutMs, offset }
  const open = settings.dialect === 'postgresql' ? postgresql : mysql
  return openDatabase(open(settings, limits), statementTimeoutMs + GRACE_MS)
}
