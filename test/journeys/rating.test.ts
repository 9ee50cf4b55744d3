// 好差评: a case is done, the rating system hears of it and asks; some answer, others do not, and only the former are heard.

import t from 'tap'
import { newborn } from '../support/platform.ts'
import { holderWith, startTown } from './town.ts'

const town = await startTown(t, { rated: 0.6 })

interface Service {
  number: number
  event: string
  evaluation?: { satisfaction: number; at: string }
}

async function servicesOf(caseId: string): Promise<Service[]> {
  return (await town.platform.get(`/v1/cases/${caseId}`)).json().services ?? []
}

t.test(
  'every service is recorded once; who answered is heard, who did not is not answered for',
  async (t) => {
    const applicant = {
      type: 'person',
      name: '张三',
      idType: '111',
      idNumber: holderWith(),
      mobile: '13800138000',
    }
    const cases: string[] = []
    for (let i = 0; i < 4; i++) cases.push(...Object.values((await town.apply(newborn({ applicant }))).cases))
    await town.rest()
    const { effects } = town.city.books().rating!
    const given = effects.filter(({ kind }) => kind === 'evaluation')
    const recorded = effects.filter(({ kind }) => kind === 'service')
    t.strictSame(recorded.map(({ key }) => key).sort(), [...cases].sort())
    for (const id of cases) {
      const [service, ...more] = await servicesOf(id)
      t.strictSame(more, [])
      t.equal(service?.event, 'case.closed')
      const first = given.find(({ key }) => key === id)
      t.equal(service?.evaluation?.satisfaction, first && Number(first.state), `${id} as it was said`)
    }
    t.ok(given.length > 0 && given.length < cases.length, 'somebody answered, somebody did not')
    const types = Object.values(town.told().cases).flatMap((one) => one.types)
    t.ok(types.includes('case.rated'), 'the platform was told')
    await town.agree(t)
  },
)

t.test('an evaluation of a service that was never recorded is refused, and nothing is kept', async (t) => {
  const before = await town.running.kept()
  const answer = await town.platform.post('/v1/systems/rating/events', {
    body: { txnBodyCom: {} },
    token: null,
  })
  t.equal(answer.status, 401)
  t.match(answer.json(), { 'C-Response-Desc': /signature refused/ })
  t.strictSame(await town.running.kept(), before)
})
