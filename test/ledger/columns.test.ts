// What is written in columns is read back as it was, whatever it is.

import fc from 'fast-check'
import t from 'tap'
import { columnsOf, lists, spellOut } from '../../src/ledger/columns.ts'
import { openWriters } from '../../src/ledger/database.ts'
import { noRows } from '../../src/ledger/rows.ts'
import { createDatabase } from '../support/database.ts'

const asked = 'select number, type, at, data from {{entries}} as r'

t.test('texts, numbers, times, JSON and nulls come back as they were', async (t) => {
  const { url } = await createDatabase(t)
  const writers = openWriters(url, 1)
  t.teardown(() => writers.end())
  const text = fc.string({ unit: 'binary' }).map((one) => one.replaceAll('\0', '').toWellFormed())
  const type = fc.oneof(text, fc.constantFrom('', 'NULL', '{}', '"', '\\', ',', '\n\t\r', '\\"', ' a '))
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
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 5 }), async (entries) => {
      const columns = columnsOf({ ...noRows(), entries })
      const used = Object.keys(lists).indexOf('entries')
      const before = Object.values(lists)
        .slice(0, used)
        .reduce((sum, list) => sum + Object.keys(list).length, 0)
      const { rows } = await writers.query(spellOut(asked, 1 - before), columns.slice(before, before + 7))
      t.strictSame(
        rows.map((one) => ({ ...one, at: one.at.toISOString() })),
        entries,
      )
    }),
    { numRuns: 200 },
  )
})

t.test('a list without rows costs a null per column', async (t) => {
  t.ok(columnsOf(noRows()).every((one) => one === null))
})
