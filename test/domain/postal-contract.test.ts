// A county's postal contract is in force on the days it names, and a day is one in China.

import t from 'tap'
import type { Catalogue } from '../../src/domain/catalogue.ts'
import { fixedSources, type RuleSettings, rulesOf } from '../../src/rules.ts'

const contract = { system: 'ems', customerNumber: '90000001', from: '2026-03-01', to: '2026-11-30' }
const settings = { systems: new Map(), postal: new Map([['410221', contract]]) } as unknown as RuleSettings
const { postal } = rulesOf(settings, fixedSources({} as Catalogue))
const inForce = (now: string): boolean => 'system' in postal('410221', now)

t.test('a contract begins and ends at midnight in Beijing', async (t) => {
  t.notOk(inForce('2026-02-28T15:59:59.000Z'))
  t.ok(inForce('2026-02-28T16:00:00.000Z'), 'the first of March has begun in China')
  t.ok(inForce('2026-11-30T15:59:59.000Z'))
  t.notOk(inForce('2026-11-30T16:00:00.000Z'), 'its last day is over in China')
  t.match(postal('410221', '2026-11-30T16:00:00.000Z'), { missing: /not in force on 2026-12-01/ })
})
