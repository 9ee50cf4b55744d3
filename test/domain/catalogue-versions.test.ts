// Which catalogue counts on a day, and which may be recorded after which.

import t from 'tap'
import {
  type CatalogueVersion,
  type Insistence,
  inForceOn,
  judge,
  liveVersions,
  standingOf,
} from '../../src/domain/catalogue-versions.ts'

/** Numbered from 1, by their first days; the content of each is its own. */
const versions = (...days: string[]): CatalogueVersion[] =>
  days.map((effectiveFrom, index) => ({
    number: index + 1,
    version: `hash-${index + 1}`,
    effectiveFrom,
    activatedAt: '2026-01-01T00:00:00.000Z',
    by: 'start',
  }))

t.test('the newest whose first day has come is in force', async (t) => {
  const all = versions('2026-01-01', '2026-07-01', '2027-01-01')
  t.equal(inForceOn(all, '2026-06-30')?.number, 1)
  t.equal(inForceOn(all, '2026-07-01')?.number, 2)
  t.equal(inForceOn(all, '2027-03-01')?.number, 3)
  t.strictSame(
    all.map((one) => standingOf(one, all, '2026-08-01')),
    ['past', 'in-force', 'waiting'],
  )
})

t.test('before the first day of all, the first to come is in force', async (t) => {
  const all = versions('2027-01-01', '2027-06-01')
  t.equal(inForceOn(all, '2026-06-30')?.number, 1)
  t.equal(inForceOn([], '2026-06-30'), undefined)
})

t.test('a version takes the days of those that it replaced, also of those that wait', async (t) => {
  const all = versions('2026-01-01', '2027-01-01', '2026-07-01')
  t.strictSame(
    liveVersions(all).map(({ number }) => number),
    [1, 3],
  )
  t.equal(inForceOn(all, '2027-02-01')?.number, 3)
  t.equal(standingOf(all[1]!, all, '2026-08-01'), 'replaced')
})

const refusals: [what: string, known: CatalogueVersion[], effectiveFrom: string, reasons: RegExp[]][] = [
  ['the first day of another', versions('2026-07-01'), '2026-07-01', [/already the first day of version 1/]],
  [
    'a day before that of the one in force',
    versions('2026-01-01', '2026-07-01'),
    '2026-03-01',
    [/before 2026-07-01, the first day of version 2/],
  ],
  [
    'days of two others',
    versions('2026-01-01', '2027-01-01'),
    '2026-01-01',
    [/already the first day of version 1/, /before 2027-01-01, the first day of version 2/],
  ],
]
for (const [what, known, effectiveFrom, reasons] of refusals) {
  t.test(`${what} may only be taken by who says so`, async (t) => {
    const ask = (insistence: Insistence) => judge({ version: 'new', effectiveFrom }, known, insistence)
    t.match(ask('activate'), { verdict: 'refused', objections: reasons.map((message) => ({ message })) })
    t.match(ask('start'), {
      verdict: 'refused',
      objections: reasons.map(() => ({ messageZh: /[\u4e00-\u9fff]/ })),
    })
    t.strictSame(ask('replace'), { verdict: 'new' })
  })
}

t.test('a later day is free', async (t) => {
  const candidate = { version: 'new', effectiveFrom: '2026-07-02' }
  t.strictSame(judge(candidate, versions('2026-07-01'), 'activate'), { verdict: 'new' })
  t.strictSame(judge(candidate, [], 'start'), { verdict: 'new' })
})

t.test('what is the newest already is not recorded again, and nobody is refused for it', async (t) => {
  const known = versions('2026-01-01', '2026-07-01')
  for (const insistence of ['start', 'activate', 'replace'] as const)
    t.match(judge(known[1]!, known, insistence), { verdict: 'known', as: { number: 2 } })
})

t.test('an earlier content comes back by its own will only, never by a start', async (t) => {
  const known = versions('2026-01-01', '2026-07-01')
  t.match(judge(known[0]!, known, 'start'), { verdict: 'known', as: { number: 1 } })
  t.match(judge(known[0]!, known, 'activate'), { verdict: 'refused' })
  t.match(judge(known[0]!, known, 'replace'), { verdict: 'new' })
})
