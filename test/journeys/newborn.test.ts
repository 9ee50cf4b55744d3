// A child is born: the parents hand in no paper, for the registry has what the departments need. Once it has not,
// and the gateway asks for a scan instead of failing.

import t from 'tap'
import { newborn } from '../support/platform.ts'
import { holderWith, startTown } from './town.ts'

const parent = (idNumber: string) => ({
  applicant: { type: 'person', name: '张三', idType: '111', idNumber, mobile: '13800138000' },
})
const town = await startTown(t)

t.test('a family registers its child without a single paper', async (t) => {
  const family = await town.apply(newborn(parent(holderWith())))

  await town.rest()
  t.equal(await family.state(), 'completed')
  const life = ['dispatched', 'accepted', 'reviewing', 'approved', 'issued', 'closed']
  const lived = (await family.events('household-birth')).filter((type) => type.startsWith('case.'))
  t.strictSame(
    lived,
    life.map((step) => `case.${step}`),
  )
  const told = town.told().cases[family.cases['household-birth']!]
  t.strictSame(told?.types, lived, 'the platform heard each once, in order')
  t.equal(town.told().counts.duplicates, 0)
  const materials = await family.read('materials')
  t.equal(materials.length, 3)
  for (const { code, certificate, files } of materials) {
    const evidence = { queriedAt: /^20/, purpose: /newborn/, result: 'valid', verifyingCode: '0' }
    const proof = { identifier: /^1\.2\.156\./, verifiedAt: /^20/, trust: 'verified', evidence }
    t.match(certificate, proof, `evidence for ${code}`)
    t.match(files, [{ mediaType: /ofd/, sha256: /^[0-9a-f]{64}$/ }], `a copy of ${code}`)
  }
  await town.agree(t)
})

t.test(
  'a certificate that the registry does not have is asked of the family, and the cases go on',
  async (t) => {
    const family = await town.apply(newborn(parent(holderWith({ 'marriage-certificate': 'not-found' }))))

    await town.rest()
    t.equal(await family.state(), 'completed')
    for (const matter of ['birth-certificate', 'household-birth']) {
      const events = await family.events(matter)
      const order = ['case.correction-requested', 'case.supplemented', 'case.dispatched', 'case.closed']
      t.strictSame(
        events.filter((type) => order.includes(type)),
        order,
        matter,
      )
    }
    const marriage = (await family.read('materials')).find(({ code }) => code === 'marriage-certificate')
    t.match(marriage, { source: 'upload', files: [{ mediaType: 'application/pdf' }] })
    const asked = (await family.read('transfers')).filter(
      ({ operation }) => operation === 'obtainCertificate',
    )
    t.strictSame(asked.map(({ state }) => state).sort(), ['delivered', 'delivered', 'refused'])
    await town.agree(t)
  },
)

t.test('an expired certificate is no certificate', async (t) => {
  const family = await town.apply(newborn(parent(holderWith({ 'household-register': 'expired' }))))

  await town.rest()
  t.equal(await family.state(), 'completed')
  t.ok((await family.events('household-birth')).includes('case.correction-requested'))
  t.notOk(
    (await family.events('birth-certificate')).includes('case.correction-requested'),
    'it needs no register',
  )
  await town.agree(t)
})
