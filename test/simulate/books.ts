// The ledger's part, in memory: one submission's rows, written from decisions by the ledger's own rows.ts, read back
// as its load statement reads them. It batches, loses commits and forgets as the real one may.

import { isDeepStrictEqual } from 'node:util'
import type { decide as Decide, Decision, Rules } from '../../src/domain/decide.ts'
import type { DomainEvent } from '../../src/domain/events.ts'
import type { Aggregate, Transfer } from '../../src/domain/submission.ts'
import type { Change } from '../../src/ledger/changes.ts'
import { collect, lastOnly, noRows, type Rows, submissionRow } from '../../src/ledger/rows.ts'
import { Broken, law } from './law.ts'
import { checkDecision } from './laws.ts'

/** One event as it was told, so that it can be told again. */
export interface Told {
  event: DomainEvent
  now: string
  /** Source and key of the message it came in. */
  message?: string
  rules: Rules
}

type Row = Record<string, unknown>

export interface Books {
  readonly submissionId: string
  /** null until the submission is received. Holds settled transfers only while a batch is open. */
  aggregate: Aggregate | null
  readonly transfers: ReadonlyMap<string, Row>
  /** Decides one event and looks at the laws; what it leads to is written with the batch. */
  record(told: Told): Decision | 'replayed'
  /** Ends the batch. `lost`: its commit fails first, and every event is decided again by itself. */
  commit(lost?: boolean): void
  /** Forgets what is remembered and reads the rows. */
  reload(): void
}

const BODY = Buffer.from('{}')

export function openBooks(submissionId: string, decide: typeof Decide): Books {
  const tables = {
    submission: null as Row | null,
    cases: new Map<string, Row>(),
    materials: new Map<string, Row>(),
    parcels: new Map<string, Row>(),
    transfers: new Map<string, Row>(),
  }
  const messages = new Set<string>()
  let batch = {
    before: null as Aggregate | null,
    told: [] as Told[],
    outcomes: [] as Decision[],
    rows: noRows(),
  }

  const books: Books = { submissionId, aggregate: null, transfers: tables.transfers, record, commit, reload }
  return books

  function record(told: Told): Decision | 'replayed' {
    if (told.message && messages.has(told.message)) return 'replayed'
    if (batch.told.length === 0) batch.before = books.aggregate
    const decision = decided(books.aggregate, told)
    checkDecision(books.aggregate, told, decision)
    put(batch.rows, books.aggregate, told, decision)
    batch.told.push(told)
    batch.outcomes.push(decision)
    books.aggregate = decision.aggregate
    // Refused bytes are kept, but a later repeat is not taken for a repeat.
    if (told.message && decision.outcome !== 'refused') messages.add(told.message)
    return decision
  }

  function decided(before: Aggregate | null, { event, now, rules }: Told): Decision {
    try {
      return decide(before, event, now, rules)
    } catch (error) {
      throw new Broken('decide never throws', String(error), error)
    }
  }

  function put(rows: Rows, before: Aggregate | null, { event, message }: Told, decision: Decision): void {
    const change: Change = {
      submissionId,
      event,
      ...(message ? { message: { source: '', key: message, sha256: '', mediaType: '', body: BODY } } : {}),
    }
    collect(rows, before, change, decision)
  }

  function commit(lost = false): void {
    if (batch.told.length === 0) return
    const rows = lost ? again() : batch.rows
    if (books.aggregate !== batch.before && (batch.before || batch.told.length > 1))
      rows.submissions.push(
        submissionRow(books.aggregate!, batch.before ? { version: 0, aggregate: batch.before } : undefined),
      )
    if (batch.told.length > 1) lastOnly(rows)
    write(rows)
    books.aggregate = pruned(books.aggregate!)
    batch = { before: null, told: [], outcomes: [], rows: noRows() }
  }

  /** Every event of a batch whose commit failed, by itself: the same must come of it. */
  function again(): Rows {
    const rows = noRows()
    const whole = books.aggregate!
    let alone = batch.before
    batch.told.forEach((told, i) => {
      const decision = decided(alone, told)
      const first = batch.outcomes[i]!
      const same = decision.outcome === first.outcome && decision.entries.length === first.entries.length
      law(same, 'a batch decides as its events do one by one', () => told.event.type)
      put(rows, alone, told, decision)
      alone = pruned(decision.aggregate)
    })
    law(
      isDeepStrictEqual(alone, pruned(whole)),
      'a batch decides as its events do one by one',
      () => 'another state',
    )
    if (batch.told.length > 1) lastOnly(rows)
    return rows
  }

  function write(rows: Rows): void {
    for (const row of [...rows.newSubmissions, ...rows.submissions] as Row[])
      tables.submission = { ...tables.submission, ...row }
    insert(tables.cases, rows.newCases as Row[])
    update(tables.cases, rows.cases as Row[])
    insert(tables.transfers, rows.newTransfers)
    for (const row of rows.transfers) {
      const now = tables.transfers.get(row.id)?.state as Transfer['state'] | undefined
      law(
        now !== undefined && isOpen(now),
        'a settled transfer stays settled',
        () => `${row.id} ${now} -> ${row.state}`,
      )
    }
    update(tables.transfers, rows.transfers)
    for (const row of rows.materials as Row[]) tables.materials.set(row.code as string, row)
    for (const row of rows.parcels as Row[]) tables.parcels.set(row.id as string, row)
    const made = books.aggregate!.submission.counts.transfers
    law(tables.transfers.size === made, 'no transfer is lost', () => `${tables.transfers.size} of ${made}`)
  }

  function reload(): void {
    const { id, data, platform, external_id, client, theme, division, home_division, state, counts } =
      tables.submission!
    const facts = {
      id,
      platform,
      externalId: external_id,
      client,
      theme,
      division,
      homeDivision: home_division,
    }
    const read = {
      submission: { ...(data as Row), ...facts, state, counts },
      cases: sorted(tables.cases).map(({ id, system, state, reference, data }) => ({
        ...(data as Row),
        ...{ id, system, state },
        ...(reference === null ? {} : { reference }),
      })),
      materials: sorted(tables.materials).map((one) => one.data),
      parcels: sorted(tables.parcels).map((one) => one.data),
      transfers: sorted(tables.transfers)
        .filter((one) => isOpen(one.state as Transfer['state']))
        .map(asTransfer),
    }
    const loaded = asJson(read) as unknown as Aggregate
    const known = asJson(books.aggregate!)
    const order = [...known.materials].sort((a, b) => (a.code < b.code ? -1 : 1))
    const differing = (Object.keys(known) as (keyof Aggregate)[]).find(
      (part) => !isDeepStrictEqual(loaded[part], part === 'materials' ? order : known[part]),
    )
    law(!differing, 'what is written is what is remembered', () => {
      const [remembered, written] = [known, loaded].map((one) => JSON.stringify(one[differing!]))
      return `${differing} ${remembered}, written ${written}`
    })
    books.aggregate = loaded
  }
}

const isOpen = (state: Transfer['state']): boolean => state === 'held' || state === 'due' || state === 'dead'

/** As the database gives it back; a reason that is empty is none. */
const asJson = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value, (key, one) => (key === 'reason' && one === '' ? undefined : one))) as T

const sorted = (table: ReadonlyMap<string, Row>): Row[] =>
  [...table].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)

function asTransfer({ id, case_id, system, operation, lane, sequence, state, reason, about }: Row) {
  return {
    id,
    caseId: case_id,
    system,
    operation,
    lane,
    sequence,
    state,
    about,
    ...(reason ? { reason } : {}),
  }
}

/** What record.ts keeps in memory after a commit. */
function pruned(aggregate: Aggregate): Aggregate {
  const transfers = aggregate.transfers.filter((one) => isOpen(one.state))
  return transfers.length === aggregate.transfers.length ? aggregate : { ...aggregate, transfers }
}

function insert(table: Map<string, Row>, rows: readonly Row[]): void {
  for (const row of rows) {
    const id = row.id as string
    law(!table.has(id), 'ids are unique', () => id)
    table.set(id, row)
  }
}

function update(table: Map<string, Row>, rows: readonly Row[]): void {
  for (const row of rows) {
    const known = table.get(row.id as string)
    law(known !== undefined, 'what is written again was written before', () => String(row.id))
    table.set(row.id as string, { ...known, ...row })
  }
}
