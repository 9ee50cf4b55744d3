// Who is told of what: by type alone, or of some themes, matters and divisions only.

import t from 'tap'
import type { Catalogue } from '../../src/domain/catalogue.ts'
import type { Case, Submission } from '../../src/domain/submission.ts'
import { fixedSources, type RuleSettings, rulesOf } from '../../src/rules.ts'
import type { SystemSettings } from '../../src/settings/settings.ts'

const of = { theme: 'newborn', division: '410204', homeDivision: '410221' } as Submission
const one = { matter: { code: 'household-birth' } } as Case

function asks(
  subscribes: SystemSettings['subscribes'],
  type = 'case.closed',
  about = of,
  which: Case | null = one,
) {
  const systems = new Map([['s', { subscribes } as SystemSettings]])
  const { subscribes: told } = rulesOf({ systems } as unknown as RuleSettings, fixedSources({} as Catalogue))
  return told('s', type, about, which ?? undefined)
}

t.test('by type', async (t) => {
  t.equal(asks([]), false)
  t.equal(asks(['*']), true)
  t.equal(asks(['parcel.*', 'case.closed']), true)
  t.equal(asks(['parcel.*']), false)
})

t.test('by theme, matter and division, all that are named', async (t) => {
  t.equal(asks([{ themes: ['newborn'] }]), true)
  t.equal(asks([{ themes: ['retirement'] }]), false)
  t.equal(asks([{ matters: ['household-birth'] }]), true)
  t.equal(asks([{ matters: ['household-birth'] }], 'submission.received', of, null), false)
  t.equal(asks([{ divisions: ['410221'] }]), true, 'where it is decided')
  t.equal(asks([{ divisions: ['410204'] }]), true, 'where it was handed in')
  t.equal(asks([{ divisions: ['410202'] }]), false)
  t.equal(asks([{ types: ['case.closed'], themes: ['newborn'], divisions: ['410202'] }]), false)
  t.equal(asks([{ types: ['parcel.*'], themes: ['newborn'] }]), false)
})

t.test('any that fits is enough, and the short form stands beside the long one', async (t) => {
  t.equal(asks([{ themes: ['retirement'] }, { themes: ['newborn'] }]), true)
  t.equal(asks([{ themes: ['retirement'] }, 'case.*']), true)
  t.equal(asks([{ themes: ['retirement'] }, 'parcel.*']), false)
})
