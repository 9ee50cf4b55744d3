// Certificates instead of paper, when something happens on the way: one is revoked after it was looked up, and once the
// registry is gone for longer than anybody should wait.

import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { newborn } from '../support/platform.ts'
import { certificateTypes, eager, holderWith, startTown } from './town.ts'

const SECOND_IN_HOURS = 1 / 3600
const impatient = {
  'gateway.yaml': (text: string) =>
    text.replace(
      /^certificates: .*$/m,
      `certificates: { maxAgeHours: ${SECOND_IN_HOURS}, uploadAfterHours: ${SECOND_IN_HOURS} }`,
    ),
}
const FOR_EVER = 1e12
const down = { downEveryMs: FOR_EVER, downForMs: FOR_EVER }
const up = { downEveryMs: 0, downForMs: 0 }

const town = await startTown(t, {}, { edit: { ...eager, ...impatient } })
const parent = (idNumber: string) => ({
  applicant: { type: 'person', name: '张三', idType: '111', idNumber, mobile: '13800138000' },
})
const operationsOf = async (family: Awaited<ReturnType<typeof town.apply>>, operation: string) =>
  (await family.read('transfers')).filter((one) => one.operation === operation).map(({ state }) => state)

t.test(
  'a certificate revoked between look-up and dispatch is noticed, and the family is asked for the document',
  async (t) => {
    const holderCode = holderWith()
    const visit = {
      modes: { 'household-birth': 'appointment' },
      appointment: { slot: '410204-2026-12-01-0930' },
    }
    const family = await town.apply(newborn({ ...parent(holderCode), ...visit }))
    await town.until('all certificates are at hand', async () =>
      (await family.read('materials')).every(({ certificate }) => certificate !== undefined),
    )
    const answer = await fetch(`${town.city.url}/certificate-registry/desk/standings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        holderCode,
        certTypeCode: certificateTypes['household-register'],
        standing: 'revoked',
      }),
    })
    t.equal(answer.status, 200)
    await sleep(1_100)
    await town.platform.post(`/v1/cases/${family.cases['household-birth']}/appointment`, {
      body: { outcome: 'attended' },
    })

    await town.rest()
    t.equal(await family.state(), 'completed')
    const events = await family.events('household-birth')
    const order = ['case.correction-requested', 'case.supplemented', 'case.dispatched', 'case.closed']
    t.strictSame(
      events.filter((type) => order.includes(type)),
      order,
    )
    t.notOk(
      (await family.events('birth-certificate')).includes('case.correction-requested'),
      'it had gone out at once',
    )
    t.match(
      (await family.read('materials')).find(({ code }) => code === 'household-register'),
      { source: 'upload', certificate: { standing: 'certificate-revoked', trust: 'verified' } },
    )
    const rechecks = await operationsOf(family, 'verifyCertificate')
    t.ok(rechecks.includes('refused') && rechecks.includes('delivered'), `${rechecks}`)
    const asked = (await town.platform.get(`/v1/submissions/${family.id}/events`)).json().items
    t.match(asked.find(({ type }: { type: string }) => type === 'case.correction-requested').data, {
      code: 'certificate-revoked',
      reason: /注销/,
      reasonEn: /revoked/,
      materials: [
        { code: 'household-register', reason: 'certificate-revoked', messageZh: /注销/, message: /revoked/ },
      ],
    })
    await town.agree(t)
  },
)

t.test('a birth certificate that was issued goes into the registry, and can be verified there', async (t) => {
  const holder = holderWith()
  const family = await town.apply(newborn(parent(holder)))

  await town.rest()
  t.strictSame(await operationsOf(family, 'registerCertificate'), ['delivered'])
  const { registration } = (await town.platform.get(`/v1/cases/${family.cases['birth-certificate']}`)).json()
  t.match(registration, { state: 'registered', registry: 'certificate-registry', identifier: /^1\.2\.156\./ })
  const held = town.city.books()['certificate-registry']!.effects
  t.match(
    held.find(({ key }) => key === registration.identifier),
    { kind: 'certificate', times: 1, state: 'valid' },
  )
  await town.agree(t)
})

t.test('a registry that is away for long: a scan will do, and nothing comes twice', async (t) => {
  town.city.board.change({ actor: 'certificate-registry', faults: down })
  const family = await town.apply(newborn(parent(holderWith())))
  await town.until('the family is done', async () => (await family.state()) === 'completed')

  t.ok((await family.events('household-birth')).includes('case.correction-requested'))
  const uploaded = (await family.read('materials')).filter(({ source }) => source === 'upload')
  t.equal(uploaded.length, 3, 'all by scan')
  t.strictSame(await operationsOf(family, 'obtainCertificate'), ['cancelled', 'cancelled', 'cancelled'])
  town.city.board.change({ actor: 'certificate-registry', faults: up })
  await town.rest()
  t.strictSame(
    await operationsOf(family, 'submitCase').then((all) => all.length),
    Object.keys(family.cases).length,
  )
  await town.agree(t)
})
