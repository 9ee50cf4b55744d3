// What the department's files say reaches the ledger as it was written, or not at all: no digit rounded, no character guessed.

import t from 'tap'
import { json, overFolder, record } from './department-file-drop-scene.ts'

t.test('two events whose numbers differ in the nineteenth digit are two events', async (t) => {
  const { report, read } = overFolder(t)
  const numbered = (eventId: string) => json({ eventId: 0 }).replace('"eventId":0', `"eventId":${eventId}`)
  report('R.json', `[${numbered('1234567890123456788')},${numbered('1234567890123456789')}]`)
  const items = await read()
  t.same(
    items.map(({ events }) => events[0]?.id),
    ['1234567890123456788', '1234567890123456789'],
  )
})

t.test('records without a number of their own are told apart by every digit', async (t) => {
  const { report, read } = overFolder(t)
  const of = (waybill: string) =>
    JSON.stringify({ ...record(), eventId: undefined, waybill: 0 }).replace(':0}', `:${waybill}}`)
  report('R.json', `[${of('9007199254740992')},${of('9007199254740993')}]`)
  const [first, second] = await read()
  t.not(first!.events[0]!.id, second!.events[0]!.id)
})
