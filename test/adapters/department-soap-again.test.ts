// A report that comes again, as after an answer that was lost: the same event, whatever the envelope proves anew.

import t from 'tap'
import manifest from '../../adapters/department-soap/manifest.ts'
import type { PlainIncoming, SoapSettings } from '../../adapters/department-soap/settings.ts'
import { writeEnvelope } from '../../adapters/department-soap/soap/envelope.ts'
import { usernameToken } from '../../adapters/department-soap/soap/username-token.ts'
import { xmlWriter } from '../../adapters/department-soap/xml/text.ts'
import type { ExternalEvent, InboundMessage } from '../../src/adapter-kit/contract.ts'
import { GIVEN_NOW } from '../../src/adapter-kit/givens.ts'

const credentials = { username: 'bureau', password: 'secret-of-the-bureau' }
const settings = (incoming: PlainIncoming): SoapSettings => ({
  baseUrl: 'http://department.example/ws',
  profile: 'plain',
  namespace: 'http://department.example/ws',
  plain: { statuses: { '4': 'case.correction-requested', '5': 'case.approved' }, incoming },
  incoming: { operation: 'report', ...credentials },
})
const fields: PlainIncoming = { caseId: 'no', status: 'st', time: 'at', reason: 'why' }
const writer = xmlWriter('utf-8')

/** As its program sends it at that moment: signed anew. */
function message(body: string, receivedAt: Date): InboundMessage {
  const header = usernameToken(writer, credentials, 'digest', receivedAt)
  return {
    method: 'POST',
    path: '/v1/systems/bureau/events',
    query: {},
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: Buffer.from(writeEnvelope(writer, '1.1', 'utf-8', { header, body })),
    receivedAt,
  }
}

const later = (ms: number) => new Date(GIVEN_NOW.getTime() + ms)
const one = (at: string, why = '缺章') =>
  `<report xmlns="u"><no>case_1</no><st>4</st><at>${at}</at><why>${why}</why></report>`

async function read(body: string, receivedAt = GIVEN_NOW, own = fields): Promise<ExternalEvent[]> {
  const { incoming } = manifest.create(settings(own))
  return (await incoming?.read(message(body, receivedAt)))?.events ?? []
}
const idsOf = async (...given: Parameters<typeof read>) => (await read(...given)).map(({ id }) => id)

t.test('a report that is sent again with a new nonce is the same event', async (t) => {
  const report = one('2026-11-23 09:00:00')
  const first = await idsOf(report)
  t.same(await idsOf(report, later(60_000)), first)
  t.same(
    await idsOf(report.replaceAll('><', '>\n  <'), later(90_000)),
    first,
    'nor do blanks between elements count',
  )
})

t.test('a report of today that names no time of day is the same whenever it comes', async (t) => {
  const today = GIVEN_NOW.toISOString().slice(0, 10)
  const [first] = await read(one(today))
  const [again] = await read(one(today), later(60_000))
  t.not(first?.at, again?.at, 'it is taken as the moment at which it was told')
  t.equal(first?.id, again?.id)
})

t.test('a day that is written as midnight is its end, or the moment it was told', async (t) => {
  for (const [at, moment] of [
    ['2026-11-20', '2026-11-20T23:59:59+08:00'],
    ['2026-11-20T00:00:00', '2026-11-20T23:59:59+08:00'],
    ['2026-11-20T00:00:00.000+08:00', '2026-11-20T23:59:59+08:00'],
    ['2026/11/20 0:00:00', '2026-11-20T23:59:59+08:00'],
    ['20261120000000', '2026-11-20T23:59:59+08:00'],
    ['2026-11-23 00:00:00', '2026-11-23T09:30:00+08:00'],
    ['2026-11-20 00:00:01', '2026-11-20T00:00:01+08:00'],
    ['2026-11-20T00:00:00Z', '2026-11-20T00:00:00Z'],
    ['2026-11-30 00:00:00', '2026-11-30T00:00:00+08:00'],
  ] as const)
    t.equal((await read(one(at)))[0]?.at, moment, at)
})

t.test('reports that say different things are different events', async (t) => {
  const ids = [
    ...(await idsOf(one('2026-11-23 09:00:00'))),
    ...(await idsOf(one('2026-11-23 09:00:01'))),
    ...(await idsOf(one('2026-11-23 09:00:00', '缺照片'))),
    ...(await idsOf(one('2026-11-23 09:00:00').replace('<st>4', '<st>5'))),
    ...(await idsOf(one('2026-11-23 09:00:00').replace('case_1', 'case_2'))),
    // Told apart by what nothing is read of.
    ...(await idsOf(one('2026-11-23 09:00:00').replace('</report>', '<round>2</round></report>'))),
  ]
  t.equal(new Set(ids).size, 6)
})

t.test('a report keeps its id whichever others it comes with', async (t) => {
  const list = (...items: string[]) =>
    `<report>${items.map((at) => `<item><no>case_1</no><st>4</st><at>${at}</at></item>`).join('')}</report>`
  const each = { ...fields, each: '[item]' }
  const both = await idsOf(list('2026-11-23 09:00:00', '2026-11-23 10:00:00'), GIVEN_NOW, each)
  t.equal(new Set(both).size, 2)
  t.same(await idsOf(list('2026-11-23 10:00:00'), later(1_000), each), both.slice(1))
})
