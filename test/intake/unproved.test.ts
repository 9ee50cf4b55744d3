import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { keepUnproved, MOST_A_DAY, MOST_BYTES } from '../../src/intake/unproved.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const mediaType = 'application/json'

function ledgerOf(rows: Map<string, { body: Buffer; outcome: string }>): Ledger {
  const query = async (_text: string, [source, key, , , body, outcome]: string[]) => {
    const isNew = !rows.has(`${source} ${key}`)
    if (isNew) rows.set(`${source} ${key}`, { body: Buffer.from(body!, 'base64'), outcome: outcome! })
    return { rowCount: isNew ? 1 : 0 }
  }
  return { writers: { query } } as unknown as Ledger
}

t.test('what proves no sender is kept shortened, and only so often a day', async (t) => {
  const rows = new Map<string, { body: Buffer; outcome: string }>()
  const told: unknown[] = []
  let time = 0
  const observer = {
    reported: () => undefined,
    unreadable: () => undefined,
    notKept: (system: string, messages: number) => void told.push([system, messages]),
  }
  const { keep } = keepUnproved({ ledger: ledgerOf(rows), observer }, { now: () => time, tellEveryMs: 5 })
  const send = (text: string) => keep('ems', { body: Buffer.from(text), mediaType }, 'no push')

  await send('x'.repeat(2 * MOST_BYTES))
  t.match(
    [...rows.values()],
    [{ outcome: `unreadable: no push (first ${MOST_BYTES} of ${2 * MOST_BYTES} bytes)` }],
  )
  t.equal([...rows.values()][0]!.body.length, MOST_BYTES)
  for (let i = 0; i < 200; i++) await send('sent again and again')
  t.equal(rows.size, 2, 'the same bytes count once')
  await Promise.all(Array.from({ length: 300 }, (_, i) => send(`message ${i}`)))
  t.equal(rows.size, MOST_A_DAY)
  await keep('sf', { body: Buffer.from('of another'), mediaType }, 'no push')
  t.equal(rows.size, MOST_A_DAY + 1, 'each system has its own')
  await sleep(20)
  t.strictSame(told, [['ems', 302 - MOST_A_DAY]], 'told once')

  time += DAY_MS
  await send('of the next day')
  t.equal(rows.size, MOST_A_DAY + 2)
})
