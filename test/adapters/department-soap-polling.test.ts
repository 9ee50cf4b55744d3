// Old services that cannot call us: they are asked for their states page by page, with XML in a text, in GBK; and they
// say what is wrong with a business code inside a fault.

import { createServer } from 'node:http'
import t, { type Test } from 'tap'
import type { PlainSettings, SoapSettings } from '../../adapters/department-soap/settings.ts'
import { decode, encode } from '../../src/adapter-kit/charset.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { failureOf } from '../support/failure.ts'
import { adapterFor, listening } from './department-soap-stage.ts'

const CASE = 'case_01kaqf3m2d0000000000000001'
const cdata = (xml: string) => `<return><![CDATA[${xml}]]></return>`
const row = (id: number, status: string, more = '') =>
  `<row><id>${id}</id><no>${CASE}</no><zt>${status}</zt><sj>20261123${String(90000 + id).padStart(6, '0')}</sj>${more}</row>`
const states = (...rows: string[]) => cdata(`<r><code>0</code><rows>${rows.join('')}</rows></r>`)
const fault = (code: string, business = '') =>
  `<s:Fault><faultcode>s:${code}</faultcode><faultstring>业务异常</faultstring><detail>${business}</detail></s:Fault>`
const business = (code: string, no = '') =>
  `<e:BizException xmlns:e="urn:biz"><e:errCode>${code}</e:errCode><e:no>${no}</e:no></e:BizException>`

const plain: PlainSettings = {
  answer: { code: '$readXml(return).code', reference: '$readXml(return).no' },
  fault: { code: 'detail.BizException.errCode', message: 'faultstring', reference: 'detail.BizException.no' },
  codes: { '0': 'ok', '1001': 'duplicate', '1404': 'absent', '1501': 'refused' },
  statuses: { '10': 'case.accepted', '20': 'case.reviewing', '99': null },
  operations: {
    submitCase: {
      operation: 'submit',
      parameters: { no: '=caseId' },
      find: { operation: 'query', parameters: { no: '=caseId' } },
    },
  },
  polling: {
    operation: 'getStates',
    parameters: { after: '=cursor', max: '=pageSize' },
    items: '[$readXml(return).rows.row]',
    cursor: '$items[-1].id',
    first: '0',
    pageSize: 2,
    event: { eventId: 'id', caseId: 'no', status: 'zt', time: 'sj', reason: 'yj' },
  },
}

/** A service that gives these answers one after the other, the last again and again. */
async function service(
  t: Test,
  answers: readonly string[],
  changes: Partial<PlainSettings> = {},
  parameters: SoapSettings['parameters'] = 'unqualified',
) {
  const received: string[] = []
  const url = await listening(
    t,
    createServer(async (request, response) => {
      const pieces: Buffer[] = []
      for await (const piece of request) pieces.push(piece as Buffer)
      received.push(decode(Buffer.concat(pieces), 'gbk') ?? '')
      const inner = answers[Math.min(received.length, answers.length) - 1] ?? ''
      const operation = /<d:(\w+)/.exec(received.at(-1) ?? '')?.[1]
      const body = inner.startsWith('<s:Fault')
        ? inner
        : `<x:${operation}Response xmlns:x="urn:x">${inner}</x:${operation}Response>`
      const envelope = `<?xml version="1.0" encoding="GBK"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`
      response
        .writeHead(inner.startsWith('<s:Fault') ? 500 : 200, { 'content-type': 'text/xml; charset=GBK' })
        .end(encode(envelope, 'gbk'))
    }),
  )
  const settings: SoapSettings = {
    baseUrl: url,
    profile: 'plain',
    namespace: 'urn:x',
    charset: 'gbk',
    parameters,
    plain: { ...plain, ...changes },
  }
  return { ...adapterFor(t, settings), received }
}

t.test('states are read page after page, from where the last page ended', async (t) => {
  const pages = [states(row(1, '10'), row(2, '20', '<yj>开封 &amp; 同意</yj>')), states(row(3, '99'))]
  const { adapter, attempt, received } = await service(t, [...pages, states()])
  const read = async (after: string | undefined) => adapter.polling?.read(after, attempt)
  const first = await read(undefined)
  t.match(first, { cursor: '2', more: true, failure: undefined })
  t.match(
    first?.items.map(({ events }) => events[0]),
    [
      { id: '1', type: 'case.accepted', caseId: CASE, at: '2026-11-23T09:00:01+08:00' },
      { id: '2', type: 'case.reviewing', detail: { reason: '开封 & 同意' } },
    ],
  )
  const second = await read(first?.cursor)
  t.match(second, { cursor: '3', more: false, items: [{ events: [] }] }, 'a status that tells nothing')
  t.match(await read(second?.cursor), { items: [], more: false }, 'an empty list')
  const asked = received.map((text) => /<after>(.*?)<\/after><max>(.*?)<\/max>/.exec(text)?.slice(1))
  t.same(asked, [
    ['0', '2'],
    ['2', '2'],
    ['3', '2'],
  ])
})

t.test(
  'an item that cannot be read holds up no other, and one without a number is known again',
  async (t) => {
    const event = { caseId: 'no', status: 'zt', time: 'sj' }
    const polling = { ...plain.polling!, event }
    const answers = [states(row(1, '77'), row(2, '10'))]
    const { adapter, attempt } = await service(t, answers, { polling })
    const [unread, read] = (await adapter.polling?.read(undefined, attempt))?.items ?? []
    t.match(unread, { events: [], failure: { kind: 'unrecognised', code: '77' } })
    t.match(JSON.parse(unread?.body.toString() ?? ''), { zt: '77' }, 'its evidence')
    const [, again] = (await adapter.polling?.read(undefined, attempt))?.items ?? []
    t.equal(again?.events[0]?.id, read?.events[0]?.id)
  },
)

t.test('no list, a refusal and a cursor that stands still are failures', async (t) => {
  const polling = { ...plain.polling!, items: '$readXml(return).rows.row' }
  const read = async (answer: string, after?: string, changes: Partial<PlainSettings> = {}) => {
    const { adapter, attempt } = await service(t, [answer], changes)
    return adapter.polling?.read(after, attempt)
  }
  t.match(await failureOf(read(states(), undefined, { polling })), {
    kind: 'unrecognised',
    message: /no list.*write items as \[…\]/,
  })
  t.match(await failureOf(read(cdata('<r><code>8</code></r>'))), { kind: 'unrecognised', code: '8' })
  t.match(await read(cdata('<r><code>1404</code></r>')), { items: [], more: false })
  t.match(await read(states(row(1, '10'), row(2, '10')), '2'), {
    more: false,
    failure: { message: /stands still/ },
  })
})

t.test('polling needs to know how an item is read', async (t) => {
  const { event: _, ...polling } = plain.polling!
  await t.rejects(service(t, [], { polling }), { setting: 'plain.polling.event' } as never)
})

t.test('a business code within a fault decides; a fault without one is what faults are', async (t) => {
  const submit = async (answer: string) => {
    const { adapter, attempt } = await service(t, [answer])
    return adapter.outgoing.submitCase?.send(givens['case-online'], attempt)
  }
  t.match(await submit(fault('Server', business('1001', 'B7'))), { reference: 'B7', duplicate: true })
  t.match(await failureOf(submit(fault('Server', business('1501')))), { kind: 'rejected', code: '1501' })
  t.match(await failureOf(submit(fault('Server', business('9')))), {
    kind: 'unrecognised',
    code: '9',
    message: /add it to plain\.codes\): “9”/,
  })
  t.match(await failureOf(submit('<return>&lt;r/&gt;</return>')), { message: /plain\.answer\.code is right/ })
  t.match(await failureOf(submit(fault('Server'))), { kind: 'unavailable', code: 'Server' })
  t.match(await failureOf(submit(fault('Client.Authentication'))), { kind: 'unauthorised' })
  const { adapter, attempt } = await service(t, [fault('Server', business('1404'))])
  t.equal(await adapter.outgoing.submitCase?.find?.(givens['case-online'], attempt), null)
})

t.test('RPC/encoded says the type of each parameter', async (t) => {
  const operations = {
    submitCase: {
      operation: 'submit',
      parameters: { no: '=caseId', n: '=7', b: '=true', s: { x: '1' }, none: '=nowhere' },
    },
  }
  const { adapter, attempt, received } = await service(
    t,
    [cdata('<r><code>0</code></r>')],
    { operations },
    'encoded',
  )
  await adapter.outgoing.submitCase?.send(givens['case-online'], attempt)
  t.match(received[0], 'soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"')
  t.match(
    received[0],
    `<no xsi:type="xsd:string">${CASE}</no><n xsi:type="xsd:int">7</n><b xsi:type="xsd:boolean">true</b><s><x>1</x></s><none></none>`,
  )
})

t.test('a parameter that is an expression without its = is refused, never sent as it stands', async (t) => {
  const polling = { ...plain.polling!, parameters: { after: '$string(cursor)' } }
  await t.rejects(service(t, [], { polling }), {
    message: /plain\.polling\.parameters\.after.*begins with =/,
  })
})
