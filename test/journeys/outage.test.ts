// One department is down for a while. Its cases wait, everybody else's go on, and when it is back each comes once.

import t from 'tap'
import { newborn, platformAt, retirement } from '../support/platform.ts'
import { holderWith, startTown } from './town.ts'

const town = await startTown(t)
const platform = platformAt(town.running.url)
const FOR_EVER = 1e12
const down = { downEveryMs: FOR_EVER, downForMs: FOR_EVER }

t.test(
  'a department that is down holds up nobody else, and gets its cases once when it is back',
  async (t) => {
    town.city.board.change({ actor: 'public-security', faults: down })
    const applicant = {
      type: 'person',
      name: '张三',
      idType: '111',
      idNumber: holderWith(),
      mobile: '13800138000',
    }
    const families = await Promise.all([1, 2, 3, 4, 5].map(() => town.apply(newborn({ applicant }))))
    const files = [await platform.upload(), await platform.upload()] as const
    const pensioner = await town.apply(retirement(files))

    await town.until('the pensioner is done', async () => (await pensioner.state()) === 'completed')
    const attempted = async () =>
      (await town.running.ledger()).transfers.filter(
        ({ system, attempts }) => system === 'public-security' && attempts > 0,
      ).length
    await town.until('each family waits at its door', async () => (await attempted()) >= families.length)
    for (const family of families) t.equal(await family.stateOf('household-birth'), 'pending')
    t.strictSame(town.city.books()['public-security']!.effects, [], 'nothing has arrived there')

    town.city.board.change({ actor: 'public-security', faults: { downEveryMs: 0, downForMs: 0 } })
    await town.rest()
    for (const family of families) t.equal(await family.state(), 'completed')
    const households = town.city.books()['public-security']!.effects.filter(({ kind }) => kind === 'case')
    t.equal(households.length, families.length)
    t.ok(households.every(({ times }) => times === 1))
    await town.agree(t)
  },
)
