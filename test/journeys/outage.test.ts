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
    town.city.board.change({ actor: 'health', faults: down })
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
    for (const family of families) t.equal(await family.stateOf('birth-certificate'), 'pending')
    t.strictSame(town.city.books().health!.effects, [], 'nothing has arrived there')

    town.city.board.change({ actor: 'health', faults: { downEveryMs: 0, downForMs: 0 } })
    await town.rest()
    for (const family of families) t.equal(await family.state(), 'completed')
    const births = town.city.books().health!.effects.filter(({ kind }) => kind === 'case')
    t.equal(births.length, 2 * families.length)
    t.ok(births.every(({ times }) => times === 1))
    await town.agree(t)
  },
)
