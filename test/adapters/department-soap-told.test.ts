// Events as steps: what department-soap tells is what it would read, and what platform-rest tells by its preset.

import t, { type Test } from 'tap'
import manifest from '../../adapters/department-soap/manifest.ts'
import type { SoapSettings } from '../../adapters/department-soap/settings.ts'
import { createPlatformRest } from '../../adapters/platform-rest/adapter.ts'
import { answering, startServer } from '../../src/adapter-kit/conformance/server.ts'
import { setStage } from '../../src/adapter-kit/conformance/stage.ts'
import type { Attempt, ExternalEvent, InboundMessage, NotifyContent } from '../../src/adapter-kit/contract.ts'
import { GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import type { HttpRequest } from '../../src/adapter-kit/http.ts'
import { readXml } from '../../src/adapter-kit/xml.ts'
import { caseEvents } from '../../src/domain/case-states.ts'
import { failureOf } from '../support/failure.ts'

const settings: SoapSettings = {
  baseUrl: 'http://department.example/focus',
  profile: 'ex-gdbs',
  namespace: 'http://focus.example.gov.cn',
  exGdbs: {
    deptCode: 'D1',
    identifyKey: 'key-of-the-tests-01',
    approvals: { '1': 'case.approved', '2': 'case.denied' },
  },
}
const note = givens.notification
const facts = {
  reason: '材料|不清晰；请补',
  limitDays: 5,
  reference: 'SJ-17',
  materials: [
    { code: 'm-1', reason: '第 2 页;模糊' },
    { code: 'm-2', reason: '缺章' },
  ],
  result: { type: 'electronic', name: '食品经营许可证', number: 'JY1' },
}
const saying = (type: string, data: object = facts): NotifyContent => ({
  ...note,
  type,
  data: { ...note.data, ...data },
})

const handedOver = (from: string, to: string, what: object = { result: 'food-permit' }) =>
  saying('material.handed-over', { ...what, name: '证照', from: { kind: from }, to: { kind: to } })

async function startDepartment(t: Test, change: Partial<SoapSettings> = {}, sentence = '编码：0,原因：成功') {
  const body = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><r:setDataXmlToFocusResponse xmlns:r="u"><return>${sentence}</return></r:setDataXmlToFocusResponse></s:Body></s:Envelope>`
  const server = await startServer(answering([{ headers: { 'content-type': 'text/xml' }, body }]))
  const stage = setStage(manifest, { ...settings, ...change }, server.origin)
  t.teardown(async () => {
    await stage.close()
    await server.close()
  })
  const tell = (content: NotifyContent) => stage.adapter.outgoing.notify!.send(content, stage.attempt())
  return { tell, received: server.received, incoming: stage.adapter.incoming! }
}

const messageOf = (body: Buffer): InboundMessage => ({
  method: 'POST',
  path: '/v1/systems/d/events',
  query: {},
  headers: { 'content-type': 'text/xml; charset=utf-8' },
  body,
  receivedAt: GIVEN_NOW,
})

/** The step within an inner document, as fields. */
function stepIn(xml: string): Record<string, string> {
  const standard = readXml(xml).children.find(({ name }) => name === 'standardInfo')!
  const fields = standard.children.map(({ attributes, text }) => [attributes.FieldName, text])
  return { process: standard.attributes.process!, ...Object.fromEntries(fields) }
}

const innerOf = (body: Buffer): string => /<!\[CDATA\[([\s\S]*)\]\]>/.exec(body.toString())![1]!

t.test('what is told of a case is what we would read of it', async (t) => {
  const { tell, received, incoming } = await startDepartment(t)
  const read: Record<string, ExternalEvent[]> = {}
  for (const type of caseEvents) {
    t.same(await tell(saying(type)), {}, type)
    const { events = [] } = await incoming.read(messageOf(received.at(-1)!.body))
    read[type] = events
    for (const event of events)
      t.match(event, { caseId: note.data.caseId, at: '2026-11-23T09:30:00+08:00' }, type)
  }
  const types = Object.fromEntries(
    Object.entries(read).map(([type, events]) => [type, events.map((one) => one.type)]),
  )
  for (const type of caseEvents) {
    const merged: Record<string, string[]> = {
      'case.dispatched': [],
      'case.supplemented': [],
      'case.issued': ['case.issued', 'case.closed'],
      'case.withdrawn': ['case.denied'],
    }
    t.same(types[type], merged[type] ?? [type])
  }
  t.match(read['case.correction-requested'], [
    {
      detail: {
        reason: facts.reason,
        limitDays: 5,
        materials: [
          { code: 'm-1', reason: '第 2 页；模糊' },
          { code: 'm-2', reason: '缺章' },
        ],
      },
    },
  ])
  t.match(read['case.accepted'], [{ detail: { reference: 'SJ-17' } }])
  t.match(read['case.issued'], [{ detail: { result: { name: '食品经营许可证', number: 'JY1' } } }])
  t.match(read['case.special-procedure-started'], [{ detail: { limitDays: 5 } }])
})

t.test('a platform hears the same step with the same codes and times', async (t) => {
  const { tell, received } = await startDepartment(t)
  const shared = /^(process|YSLZTDM|SLZTDM|SPHJDM|SPHJZTDM|BJJGDM|LQFS|.*SJ|TBCX.*RQ|ZJGZMC|ZJBH|BZSX|BSLYY)$/
  const common = (fields: Record<string, string>) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => shared.test(name)))
  for (const content of [...caseEvents.map((type) => saying(type)), handedOver('window', 'applicant')]) {
    await tell(content)
    const told = await toldByPreset(content)
    t.same(common(stepIn(told[0]!)), common(stepIn(innerOf(received.at(-1)!.body))), content.type)
  }
})

t.test('a result that reaches its applicant is 领证, any other hand-over is passed over', async (t) => {
  const { tell, received, incoming } = await startDepartment(t)
  for (const [from, code] of [
    ['carrier', '8'],
    ['window', '0'],
    ['department', '0'],
  ] as const) {
    await tell(handedOver(from, 'applicant'))
    t.match(stepIn(innerOf(received.at(-1)!.body)), {
      process: 'EX_GDBS_LQDJ',
      LQFS: code,
      LQSJ: '2026-11-23 09:30:00',
    })
    t.match(await incoming.read(messageOf(received.at(-1)!.body)), { events: [{ type: 'case.issued' }] })
    t.match(stepIn((await toldByPreset(handedOver(from, 'applicant')))[0]!), { LQFS: code })
  }
  const before = received.length
  for (const other of [
    handedOver('department', 'carrier'),
    handedOver('carrier', 'department', { material: 'title-deed-original' }),
    handedOver('window', 'applicant', { material: 'title-deed-original' }),
  ]) {
    t.same(await tell(other), {})
    t.same(await toldByPreset(other), [])
  }
  t.equal(received.length, before)
})

t.test('an event that no step tells is not sent, and says how to mend it', async (t) => {
  const { tell, received } = await startDepartment(t)
  for (const content of [
    saying('case.rated'),
    saying('parcel.delivered'),
    { ...saying('case.accepted'), data: {} },
  ]) {
    const failure = await failureOf(tell(content))
    t.match(failure, { kind: 'unrecognised', sent: false, message: /subscribes/ })
  }
  t.equal(received.length, 0)
})

t.test('a refusal of a step is told with its words, and the same event makes the same bytes', async (t) => {
  const { tell, received } = await startDepartment(t, {}, '编码：4,原因：环节不符')
  for (const _ of [1, 2])
    t.match(await failureOf(tell(saying('case.closed'))), {
      kind: 'rejected',
      code: '4',
      message: /环节不符/,
    })
  t.same(received[1]?.body, received[0]?.body)
})

t.test('codes of a decision follow the settings', async (t) => {
  const exGdbs = { ...settings.exGdbs!, approvals: { A: 'case.approved', B: 'case.denied' } as const }
  const { tell, received } = await startDepartment(t, { exGdbs })
  await tell(saying('case.denied'))
  t.match(stepIn(innerOf(received[0]!.body)), { SPHJDM: '3', SPHJZTDM: 'B', SPYJ: facts.reason })
})

t.test('a simple department is told by an operation of its own, when it has one', async (t) => {
  const plain = {
    answer: { code: 'return' },
    codes: { '0': 'ok' },
    operations: {
      notify: {
        operation: 'setDataXmlToFocus',
        parameters: { no: '=data.caseId', what: '=type', at: '=$localTime(time)' },
      },
    },
  } as const
  const { tell, received } = await startDepartment(t, { profile: 'plain', plain }, '0')
  t.same(await tell(saying('case.accepted')), {})
  t.match(
    received[0]!.body.toString(),
    `<d:no>${note.data.caseId}</d:no><d:what>case.accepted</d:what><d:at>2026-11-23 09:30:00</d:at>`,
  )
  t.equal(manifest.create({ ...settings, profile: 'plain', plain: {} }).outgoing.notify, undefined)
})

/** Bodies that platform-rest sends of it under its preset. */
async function toldByPreset(content: NotifyContent): Promise<string[]> {
  const sent: HttpRequest[] = []
  const http = {
    target: () => '',
    request: async (request: HttpRequest) => {
      sent.push(request)
      return { status: 200, headers: {}, text: () => '编码：0,原因：成功' }
    },
  }
  const callbacks = { url: 'https://platform.example/exchange', preset: 'guangdong-sb' } as const
  const attempt = { http, key: 'k', now: () => GIVEN_NOW } as unknown as Attempt
  await createPlatformRest({ callbacks }).outgoing.notify!.send(content, attempt)
  return sent.map(({ body }) => String(body))
}
