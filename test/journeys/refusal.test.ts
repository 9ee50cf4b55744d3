// A department says no: the applicant hears why, and what needed that approval ends instead of waiting for ever.

import t from 'tap'
import { platformAt, retirement } from '../support/platform.ts'
import { startTown } from './town.ts'

const town = await startTown(t, { shares: { denied: 1 } })
const platform = platformAt(town.running.url)

t.test('a refusal upstream ends the case that depends on it', async (t) => {
  const files = [await platform.upload(), await platform.upload()] as const
  const pensioner = await town.apply(retirement(files))

  await town.rest()
  t.equal(await pensioner.state(), 'refused')
  t.equal(await pensioner.stateOf('retirement-approval'), 'denied')
  t.equal(await pensioner.stateOf('retiree-medical-insurance'), 'terminated')
  const denied = (await platform.get(`/v1/cases/${pensioner.cases['retirement-approval']}`)).json()
  t.match(denied.reason, /不符合法定条件/, 'the department’s own words')
  t.strictSame(await pensioner.events('retiree-medical-insurance'), ['case.terminated'])
  const told = town.told().cases
  t.ok(told[pensioner.cases['retirement-approval']!]?.types.includes('case.denied'))
  t.ok(told[pensioner.cases['retiree-medical-insurance']!]?.types.includes('case.terminated'))
  const held = town.city.books()['human-resources']!.effects.filter(({ kind }) => kind === 'case')
  t.equal(held.length, 1, 'the department never saw the other case')
  await town.agree(t)
})
