// A report that comes again, as after an answer that was lost: the same event, whatever proves its sender anew.

import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import manifest from '../../adapters/department-rest/manifest.ts'
import type { DepartmentSettings } from '../../adapters/department-rest/settings.ts'
import { answering } from '../../src/adapter-kit/conformance/server.ts'
import type { ExternalEvent } from '../../src/adapter-kit/contract.ts'
import { GIVEN_NOW } from '../../src/adapter-kit/givens.ts'
import { smEnvelope } from '../../src/adapter-kit/signing.ts'
import { plain, startDepartment } from './department-rest-stage.ts'

const SECRET = 'secret-of-the-fund'
const reports: Partial<DepartmentSettings> = {
  statuses: { '28': 'case.correction-requested', '30': 'case.accepted' },
  incoming: { caseId: 'no', status: 'st', time: 'at', reason: 'why' },
}
const report = { no: 'case_1', st: '28', at: '2026-11-23 09:00:00', why: '缺章' }
// Invented pairs: ours, the fund's.
const ours = {
  privateKey: '3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8',
  publicKey:
    '0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13',
}
const theirs = {
  privateKey: '5DD701828C424B84C5D56770ECF7C4FE882E654CAC53C7CC89A66B1709068B9D',
  publicKey:
    '04FF6712D3A7FC0D1B9E01FF471A87EA87525E47C7775039D19304E554DEFE0913F632025F692776D4C13470ECA36AC85D560E794E1BCCF53D82C015988E0EB956',
}
const later = new Date(GIVEN_NOW.getTime() + 60_000)

async function read(
  settings: Partial<DepartmentSettings>,
  body: unknown,
  receivedAt = GIVEN_NOW,
): Promise<ExternalEvent[]> {
  const { incoming } = manifest.create({ ...plain, ...settings })
  const message = {
    method: 'POST',
    path: '/v1/systems/fund/events',
    query: {},
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(body)),
    receivedAt,
  }
  return (await incoming?.read(message))?.events ?? []
}

t.test('time, nonce and signature among the members of a report make no new event of it', async (t) => {
  const names = { key: 'appKey', timestamp: 'timestamp', nonce: 'nonce', signature: 'sign' }
  const signing: DepartmentSettings['signing'] = {
    scheme: 'hmac',
    key: 'city',
    secret: SECRET,
    algorithm: 'hash',
    digest: 'md5',
    canonical: '{secret}{timestamp}{nonce}',
    body: names,
  }
  const signed = (at: Date, nonce: string) => {
    const timestamp = String(at.getTime())
    return { ...report, appKey: 'city', timestamp, nonce, sign: hash('md5', `${SECRET}${timestamp}${nonce}`) }
  }
  const [first] = await read({ ...reports, signing }, signed(GIVEN_NOW, 'n-1'))
  const [again] = await read({ ...reports, signing }, signed(later, 'n-2'), later)
  t.match(first, { type: 'case.correction-requested', caseId: 'case_1' })
  t.equal(first?.id, again?.id)
})

t.test('a report that is sealed anew is the same event', async (t) => {
  const [key, secret] = ['43AF047BBA47FC8A1AE8EFB2D5E1C0AA', 'sample-app-secret']
  const fund = smEnvelope({ key, secret, privateKey: theirs.privateKey, peerPublicKey: ours.publicKey })
  const envelope = { privateKey: ours.privateKey, peerPublicKey: theirs.publicKey }
  const settings: Partial<DepartmentSettings> = {
    ...reports,
    signing: { scheme: 'sm2-sm4', key, secret, envelope },
    incoming: { caseId: 'data.no', status: 'data.st', time: 'data.at' },
  }
  const [first] = await read(settings, fund.seal({ data: report }, GIVEN_NOW))
  const [again] = await read(settings, fund.seal({ data: report }, later), later)
  t.match(first, { caseId: 'case_1' })
  t.equal(first?.id, again?.id)
})

const unsigned: Partial<DepartmentSettings> = {
  ...reports,
  incoming: { ...reports.incoming, verify: false, each: '[list ? list : $]' },
}

t.test('reports that say different things are different events', async (t) => {
  const said = [
    report,
    { ...report, at: '2026-11-23 09:00:01' },
    { ...report, why: '缺照片' },
    { ...report, st: '30' },
    { ...report, no: 'case_2' },
  ]
  const ids = (await Promise.all(said.map((one) => read(unsigned, one)))).flat().map(({ id }) => id)
  t.equal(new Set(ids).size, said.length)
})

t.test('a report keeps its id whichever others it comes with', async (t) => {
  const other = { ...report, at: '2026-11-23 10:00:00' }
  const both = (await read(unsigned, { list: [report, other] })).map(({ id }) => id)
  t.equal(new Set(both).size, 2)
  t.same(
    (await read(unsigned, { list: [other] })).map(({ id }) => id),
    both.slice(1),
  )
})

const clocks = ['$now()', '$fromMillis($millis())', 'at ? at : $now()']
const timeless = { no: 'case_1', st: '28', why: '缺章' }

t.test('a report for which our clock is asked is the same however often it is sent', async (t) => {
  for (const time of clocks) {
    const settings = { ...unsigned, incoming: { ...unsigned.incoming, time } }
    const [first] = await read(settings, timeless)
    await sleep(5)
    const [again] = await read(settings, timeless, later)
    t.match(first, { type: 'case.correction-requested' })
    t.equal(first?.id, again?.id, time)
    const others = [{ ...timeless, round: 2 }, { ...timeless, st: '30' }, report]
    const ids = (await read(settings, { list: others })).map(({ id }) => id)
    t.equal(new Set([first?.id, ...ids]).size, 4, 'another report is another event')
  }
})

t.test('nor does what proves its sender anew among its members make a new one of it', async (t) => {
  const signing: DepartmentSettings['signing'] = {
    scheme: 'hmac',
    key: 'city',
    secret: SECRET,
    algorithm: 'hash',
    digest: 'md5',
    canonical: '{secret}{timestamp}{nonce}',
    body: { timestamp: 'ts', nonce: 'nonce', signature: 'sign' },
  }
  const signed = (at: Date, nonce: string) => {
    const ts = String(at.getTime())
    return { ...timeless, ts, nonce, sign: hash('md5', `${SECRET}${ts}${nonce}`) }
  }
  const settings = { ...reports, signing, incoming: { ...reports.incoming, time: '$now()' } }
  const [first] = await read(settings, signed(GIVEN_NOW, 'n-1'))
  const [again] = await read(settings, signed(later, 'n-2'), later)
  t.equal(first?.id, again?.id)
})

t.test('nor is it another event when it is listed again', async (t) => {
  const polling: DepartmentSettings['polling'] = {
    request: { method: 'GET', path: '/events' },
    items: 'rows',
    event: { time: '$now()' },
  }
  const answer = { body: { code: 0, rows: [timeless, { ...timeless, no: 'case_2' }] } }
  const { adapter, attempt } = await startDepartment(
    t,
    { ...unsigned, polling, codes: { '0': 'ok' } },
    answering([answer, answer]),
  )
  const idsOf = async () =>
    (await adapter.polling?.read(undefined, attempt()))?.items
      .flatMap(({ events }) => events)
      .map(({ id }) => id)
  const first = await idsOf()
  await sleep(5)
  t.equal(new Set(first).size, 2)
  t.same(await idsOf(), first)
})

t.test('an eventId of the clock or of chance is refused, naming its setting', async (t) => {
  for (const eventId of ['$now()', 'no & $string($random())', '$millis()'])
    t.throws(() => manifest.create({ ...plain, ...unsigned, incoming: { ...unsigned.incoming, eventId } }), {
      message: /^incoming\.eventId: .*must not come of the clock/,
    })
})
