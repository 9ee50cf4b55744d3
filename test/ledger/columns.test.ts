// What is written in columns is read back as it was, whatever it is.

import fc from 'fast-check'
import t from 'tap'
import { arrayOf, columnOf, columnsOf, type Row } from '../../src/ledger/columns.ts'
import { openWriters } from '../../src/ledger/database.ts'
import { noRows } from '../../src/ledger/rows.ts'
import { statementOf, writeStatement } from '../../src/ledger/write-statement.ts'
import { createDatabase } from '../support/database.ts'

const read = ['number', 'type', 'at', 'data']
const columns = columnsOf('entries').filter(([column]) => read.includes(column))

t.test('texts, numbers, times, JSON and nulls come back as they were', async (t) => {
  const { url } = await createDatabase(t)
  const writers = openWriters(url, 1)
  t.teardown(() => writers.end())
  const text = fc.string({ unit: 'binary' }).map((one) => one.replaceAll('\0', '').toWellFormed())
  const type = fc.oneof(
    text,
    fc.constantFrom('', 'NULL', '{}', '"', '\\', ',', '\n\t\r', '\\"', ' a ', '\x1e', '\x1f', 'a\x1eb'),
  )
  const value = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null))
  const row = fc.record(
    {
      number: fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
      type: fc.option(type),
      at: fc.integer({ min: 0, max: 4e12 }).map((ms) => new Date(ms).toISOString()),
      data: fc.option(fc.dictionary(text, value, { noNullPrototype: true })),
    },
    { noNullPrototype: true },
  )
  const forms = new Set<string>()
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 5 }), async (entries) => {
      const list: readonly Row[] = entries
      const form = columnOf(list, 'type', 'text', 'joined') === null ? 'quoted' : 'joined'
      forms.add(form)
      const asked = columns.map(
        ([column, type], i) => `unnest(${arrayOf(`$${i + 1}`, type, form)}) as ${column}`,
      )
      const { rows } = await writers.query(
        `select ${asked.join(', ')}`,
        columns.map(([column, type]) => columnOf(list, column, type, form)),
      )
      t.strictSame(
        rows.map((one) => ({ ...one, at: one.at.toISOString() })),
        entries,
      )
    }),
    { numRuns: 200 },
  )
  t.equal(forms.size, 2)
})

t.test('a statement has the parts that its batch needs, and a name for them', async (t) => {
  const rows = noRows()
  const entry = {
    id: 'evt_1',
    submission_id: 'sub_1',
    case_id: null,
    number: 1,
    type: 'a',
    at: '2026-11-28',
    data: {},
  }
  rows.entries.push(entry)
  const { name, text, values } = writeStatement(rows, 7)
  t.match(text, /^with\nnew_entries as \(/)
  t.notMatch(text, /insert into cases|update/)
  t.strictSame(values, ['evt_1', 'sub_1', '\x1f', '{1}', 'a', '{2026-11-28}', '{}'])
  rows.entries.push({ ...entry, id: 'evt_2', type: 'b\x1ec' })
  t.not(writeStatement(rows, 7).name, name)
  t.match(writeStatement(rows, 7).values[4], '{"a","b\x1ec"}')
  t.equal(statementOf(['entries'], 'joined').text, text)
  rows.attempts.push({
    transfer_id: 'trf_1',
    number: 1,
    started_at: '2026-11-28',
    duration_ms: 1,
    outcome: 'delivered',
  })
  t.equal(writeStatement(rows, 7).values.filter((one) => one === 7).length, 1)
})
