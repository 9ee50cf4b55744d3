// What a query finds of our case: this one however it is written, another one, or a question for a person.
// Only the second is sent again.

import t, { type Test } from 'tap'
import manifest from '../../adapters/department-soap/manifest.ts'
import { answering, startServer } from '../../src/adapter-kit/conformance/server.ts'
import { setStage } from '../../src/adapter-kit/conformance/stage.ts'
import type { NotifyContent } from '../../src/adapter-kit/contract.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { failureOf } from '../support/failure.ts'

const settings = {
  profile: 'ex-gdbs',
  namespace: 'http://focus.example.gov.cn',
  exGdbs: { deptCode: 'D1', identifyKey: 'key-of-the-tests-01', query: {} },
} as const
const { caseId } = givens['case-online']
const { notification } = givens
const told = (type: string): NotifyContent => ({ ...notification, type })

interface Found {
  process: string
  [field: string]: string
}

/** How many of these the query finds; `SBLSH` is our case unless it says another. */
async function finding(t: Test, ...found: Found[]) {
  const records = found.map(({ process, ...fields }) => {
    const listed = Object.entries({ SBLSH: caseId, ...fields }).filter(([, value]) => value !== '')
    const written = listed.map(([name, value]) => `<Field FieldName="${name}">${value}</Field>`)
    return `<standardInfo process="${process}">${written.join('')}</standardInfo>`
  })
  const inner = `<ExInfo>${records.join('')}</ExInfo>`
  const body = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><getDataXmlResponse xmlns="u"><return><![CDATA[${inner}]]></return></getDataXmlResponse></s:Body></s:Envelope>`
  const server = await startServer(answering([{ headers: { 'content-type': 'text/xml' }, body }]))
  const stage = setStage(manifest, { ...settings, baseUrl: 'http://department.example' }, server.origin)
  t.teardown(async () => {
    await stage.close()
    await server.close()
  })
  const { submitCase, supplementCase, notify } = stage.adapter.outgoing
  return {
    submitted: () => submitCase!.find!(givens['case-online'], stage.attempt()),
    supplemented: () => supplementCase!.find!(givens.supplement, stage.attempt()),
    notified: (type = 'case.accepted') => notify!.find!(told(type), stage.attempt()),
  }
}
const unclear = { kind: 'unrecognised', message: /无法判断/ }

t.test('a step without its usual beginning is the step', async (t) => {
  t.same(await (await finding(t, { process: 'SB', SLHZH: 'R-1' })).submitted(), { reference: 'R-1' })
  const { round } = givens.supplement
  t.same(await (await finding(t, { process: 'BJSL', XH: `0${round}` })).supplemented(), {})
})

t.test('a case of which another step is there was submitted, whatever that is called', async (t) => {
  for (const process of ['EX_GDBS_SL', 'EX_GDBS_SBXX', 'ex_gdbs_sb'])
    t.match(await failureOf((await finding(t, { process })).submitted()), unclear, process)
  t.equal(await (await finding(t, { process: 'SB', SBLSH: 'of-another-case' })).submitted(), null)
  t.match(await failureOf((await finding(t, { process: 'SB', SBLSH: '' })).submitted()), unclear)
  t.equal(await (await finding(t)).submitted(), null)
})

t.test('a supplement is known by its round; one without a number is a question', async (t) => {
  const { round } = givens.supplement
  const other = { process: 'EX_GDBS_BJSL', XH: String(round + 1) }
  t.equal(await (await finding(t, other, { process: 'EX_GDBS_SB' })).supplemented(), null)
  t.match(await failureOf((await finding(t, { process: 'EX_GDBS_BJSL' })).supplemented()), unclear)
  t.same(
    await (await finding(t, { process: 'BJSL' }, { process: 'BJSL', XH: String(round) })).supplemented(),
    {},
  )
})

const accepted = (SLSJ: string, SLZTDM = '1') => ({ process: 'EX_GDBS_SL', SLZTDM, SLSJ })

t.test('a step that was told is known by its moment, however that is written', async (t) => {
  for (const time of [
    '2026-11-23 09:30:00',
    '2026-11-23T09:30:00',
    '2026-11-23T09:30:00.000+08:00',
    '2026-11-23T01:30:00Z',
    '2026/11/23 9:30:00.0',
    '20261123093000',
  ])
    t.same(await (await finding(t, accepted(time))).notified(), {}, time)
  t.same(await (await finding(t, accepted('2026-11-23 09:30:00', '01'))).notified(), {}, 'nor by its zeros')
})

t.test('the same step of another moment, or with another code, is another', async (t) => {
  for (const one of [
    accepted('2026-11-23 09:30:01'),
    accepted('2026-11-22'),
    accepted('2026-11-23 09:30:00', '2'),
    { process: 'EX_GDBS_SB' },
  ])
    t.equal(await (await finding(t, one)).notified(), null, JSON.stringify(one))
})

t.test('what may be this one is for a person', async (t) => {
  for (const one of [
    accepted('2026-11-23'),
    accepted('2026-11-23 09:31'),
    accepted(''),
    accepted('昨天上午'),
    accepted('2026-11-23 09:30:00', '受理'),
    accepted('2026-11-23 09:30:00', ''),
    { process: 'EX_GDBS_SLXX' },
  ])
    t.match(await failureOf((await finding(t, one)).notified()), unclear, JSON.stringify(one))
})
