// The department with a simple SOAP service, spoken to by the real adapter with nothing but settings.

import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import manifest from '../../adapters/department-soap/manifest.ts'
import type { SoapSettings } from '../../adapters/department-soap/settings.ts'
import type { Attempt, CaseContent, ExternalEvent } from '../../src/adapter-kit/contract.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { systemHttpClient } from '../../src/adapter-kit/system-client.ts'
import type { CityContext } from '../../src/sandbox/actor.ts'
import type { usualShares } from '../../src/sandbox/departments/course.ts'
import {
  createPlainSoapDepartment,
  PLAIN_NAMESPACE,
  PLAIN_PATH,
} from '../../src/sandbox/departments/soap-plain/index.ts'
import { failureOf } from '../support/failure.ts'

const credentials = { username: 'tongban', password: 'p<&"1-of-tests' }
const nobodyFails = { rejected: 0, corrected: 0, special: 0, denied: 0, issued: 1 }
const file = Buffer.from('%PDF-1.4 a file of the case')
const stored = {
  sha256: createHash('sha256').update(file).digest('hex'),
  size: file.length,
  mediaType: 'application/pdf',
  fileName: '平面图 & 说明.pdf',
}
const given: CaseContent = {
  ...givens['case-online'],
  applicant: { ...givens['case-online'].applicant, idNumber: '11010519491231002X' },
  materials: givens['case-online'].materials.map((one) =>
    one.files.length > 0 ? { ...one, files: [stored] } : one,
  ),
}

const files = '[files.{ "name": fileName, "url": url, "size": size, "sha256": sha256, "type": mediaType }]'
const material = `=[materials.{ "code": code, "name": name, "form": source, "file": ${files} }]`

const settingsFor = (baseUrl: string): SoapSettings => ({
  baseUrl,
  profile: 'plain',
  namespace: PLAIN_NAMESPACE,
  soapAction: '',
  answerElement: '{operation}Result',
  parameters: 'unqualified',
  security: { scheme: 'username-digest', ...credentials },
  incoming: { operation: 'reportEvents', ...credentials },
  plain: {
    answer: { code: 'code', message: 'message', reference: 'projectNo' },
    codes: { '200': 'ok', '400': 'refused', '404': 'absent', '409': 'duplicate', '410': 'refused' },
    operations: {
      submitCase: {
        operation: 'acceptProject',
        parameters: {
          serialNo: '=caseId',
          batchNo: '=submissionId',
          item: { code: '=matter.taskCode', name: '=matter.name' },
          area: '=homeDivision',
          source: '=division',
          mode: '=mode = "online" ? "1" : "2"',
          applied: '=$localTime(submittedAt)',
          applicant: {
            kind: '=applicant.type = "person" ? "1" : "2"',
            name: '=applicant.name',
            idType: '=applicant.idType',
            idNumber: '=applicant.idNumber',
            phone: '=applicant.mobile',
          },
          material,
        },
        find: { operation: 'queryProject', parameters: { serialNo: '=caseId' } },
        honoursKey: true,
      },
      supplementCase: {
        operation: 'addMaterials',
        parameters: { serialNo: '=caseId', projectNo: '=reference', round: '=round', material },
        find: { operation: 'queryMaterials', parameters: { serialNo: '=caseId', round: '=round' } },
      },
      withdrawCase: {
        operation: 'cancelProject',
        parameters: { serialNo: '=caseId', projectNo: '=reference', reason: '=reason' },
        find: {
          operation: 'queryProject',
          parameters: { serialNo: '=caseId' },
          answer: { found: 'status = "98"' },
        },
      },
    },
    statuses: {
      '28': 'case.correction-requested',
      '30': 'case.accepted',
      '35': 'case.reviewing',
      '36': 'case.special-procedure-started',
      '38': 'case.special-procedure-ended',
      '40': 'case.denied',
      '50': 'case.approved',
      '60': 'case.issued',
      '90': 'case.closed',
      '97': 'case.rejected',
    },
    incoming: {
      each: 'list.report',
      eventId: 'no',
      caseId: 'serialNo',
      reference: 'projectNo',
      status: 'status',
      time: 'time',
      reason: 'remark',
      limitDays: 'days',
      materials: '[missing.material.{ "code": code, "reason": why }]',
      result:
        'certificate ? { "type": "electronic", "name": certificate.name, "number": certificate.number }',
      acknowledge: { ok: { taken: '1' }, failed: { taken: '0', why: '{detail}' } },
    },
  },
})

async function openDepartment(t: Test, shares: Partial<typeof usualShares> = {}) {
  const events: ExternalEvent[] = []
  const unread: unknown[] = []
  const app = Fastify({ forceCloseConnections: true })
  const context: CityContext = {
    random: () => 0.5,
    gatewayUrl: 'http://gateway.test',
    speed: 100,
    later: (ms, action) =>
      void setTimeout(() => void Promise.resolve(action()).catch(() => undefined), ms / 100),
    async push(_actor, { path, headers, body }) {
      const message = {
        method: 'POST',
        path,
        query: {},
        headers,
        body: Buffer.from(body),
        receivedAt: new Date(),
      }
      try {
        events.push(...((await adapter.incoming?.read(message))?.events ?? []))
      } catch (error) {
        unread.push(error)
      }
      const answer = adapter.incoming?.acknowledge({ ok: true, duplicate: false }, message)
      return { status: answer?.status ?? 500, body: answer?.body.toString() ?? '' }
    },
  }
  const department = createPlainSoapDepartment(context, {
    id: 'archives',
    credentials,
    seed: 's',
    shares: { ...nobodyFails, ...shares },
  })
  await app.register(async (scope) => department.routes(scope), { prefix: '/archives' })
  app.get('/files/a', async (_request, reply) => reply.send(file))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const settings = settingsFor(`${url}/archives${PLAIN_PATH}`)
  const adapter = manifest.create(settings)
  const client = systemHttpClient(manifest, settings, { timeoutMs: 5_000, connections: 4 })
  t.teardown(async () => {
    await department.stop?.()
    await client.close()
    await app.close()
  })
  const { signal } = new AbortController()
  const attempt: Attempt = {
    signal,
    http: client.forAttempt(signal),
    key: 'k',
    number: 1,
    now: () => new Date(),
    files: {
      link: () => `${url}/files/a`,
      open: () => Promise.reject(new Error('not asked for')),
      store: () => Promise.reject(new Error('not asked for')),
    },
  }
  const until = async (done: () => boolean) => {
    for (let i = 0; i < 500 && !done(); i++) await sleep(10)
  }
  return {
    ...{ department, adapter, attempt, settings, events, unread, until },
    types: () => events.map(({ type }) => type),
    submit: async (content = given) => adapter.outgoing.submitCase?.send(content, attempt),
    linesOf: (kind: string) => department.books().effects.filter((line) => line.kind === kind),
  }
}

t.test('a case is taken once and lives to its end, told in the words of the settings', async (t) => {
  const { submit, adapter, attempt, events, types, unread, until, linesOf, department } =
    await openDepartment(t)
  const first = await submit()
  t.match(first, { reference: /^ARCH\d+$/ })
  t.same(await submit(), { ...first, duplicate: true })
  t.same(await adapter.outgoing.submitCase?.find?.(given, attempt), first)
  t.equal(await adapter.outgoing.submitCase?.find?.({ ...given, caseId: 'case_unknown' }, attempt), null)
  await until(() => department.books().counts.eventsAcknowledged === 5)
  t.same(types(), ['case.accepted', 'case.reviewing', 'case.approved', 'case.issued', 'case.closed'])
  t.match(
    events.find(({ type }) => type === 'case.issued'),
    { detail: { result: { type: 'electronic', number: /^汴/ } } },
  )
  t.same(unread, [])
  t.match(linesOf('case'), [{ key: given.caseId, times: 1, state: '90' }])
  t.equal(department.books().counts.filesVerified, 1)
})

t.test('a correction, its supplement and a withdrawal have their effect once', async (t) => {
  const { submit, adapter, attempt, events, types, until, linesOf } = await openDepartment(t, {
    corrected: 1,
  })
  const { reference = '' } = (await submit()) ?? {}
  await until(() => types().includes('case.correction-requested'))
  t.match(events.at(-1), { detail: { limitDays: 5, materials: [{ code: 'M01', reason: /不清晰/ }] } })
  const { supplementCase, withdrawCase } = adapter.outgoing
  const supplement = { ...givens.supplement, reference, materials: given.materials.slice(0, 1) }
  t.equal(await supplementCase?.find?.(supplement, attempt), null)
  t.match(await supplementCase?.send(supplement, attempt), { reference })
  t.match(await supplementCase?.send(supplement, attempt), { duplicate: true })
  t.match(await supplementCase?.find?.(supplement, attempt), { reference })
  t.match(linesOf('supplement'), [{ times: 1, state: '1' }])

  const other = { ...given, caseId: 'case_other', submissionId: 'sub_other' }
  const taken = await submit(other)
  const withdrawal = { caseId: other.caseId, reference: taken?.reference ?? '', reason: '申请人撤回' }
  t.equal(await withdrawCase?.find?.(withdrawal, attempt), null)
  t.match(await withdrawCase?.send(withdrawal, attempt), { reference: String })
  t.match(await withdrawCase?.find?.(withdrawal, attempt), { reference: String })
  t.match(linesOf('withdrawal'), [{ key: other.caseId, times: 1 }])
})

t.test('a wrong field is named and nothing is taken; a wrong password pauses the system', async (t) => {
  const { submit, settings, attempt, linesOf } = await openDepartment(t)
  const failure = await failureOf(submit({ ...given, homeDivision: '110101' }))
  t.match(failure, { kind: 'rejected', code: '400', message: /areaCode/ })
  const security = { ...settings.security!, password: 'another' }
  const stranger = manifest.create({ ...settings, security })
  t.match(await failureOf(stranger.outgoing.submitCase?.send(given, attempt)), { kind: 'unauthorised' })
  t.same(linesOf('case'), [])
})
