// Yesterday is compared with every system by itself, once; what failed and what was missed is made up for.

import t from 'tap'
import type { Adapter, ListedItem } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { onlyCatalogue } from '../../src/delivery/compose.ts'
import { closeSystem, openSystem, type System } from '../../src/delivery/systems.ts'
import { dayAfter, dayOf } from '../../src/domain/calendar.ts'
import type { Catalogue } from '../../src/domain/catalogue.ts'
import { keptOutcomes, newestDifferences, type Outcome } from '../../src/ledger/reconciliations.ts'
import type { Settings, SystemSettings } from '../../src/settings/settings.ts'
import { daysOwed, reconcileOwed } from '../../src/supervision/nightly.ts'
import { delivered, openBooks } from '../ledger/books.ts'
import type { Teardown } from '../support/database.ts'

const today = dayOf(new Date().toISOString())
const at = (day: string, time: string): Date => new Date(`${day}T${time}+08:00`)
const settings = {
  supervision: { reconcileAt: '02:30', smallestCount: 5 },
  keys: { links: Buffer.from('key') },
  http: { publicUrl: 'http://localhost' },
} as unknown as Settings

function systemWith(t: Teardown, id: string, adapter: Adapter): System {
  const own = {
    id,
    adapter: id,
    title: { zh: id, en: id },
    divisions: ['*'],
    delivery: {
      concurrency: 1,
      timeoutMs: 1_000,
      retry: { baseMs: 1, maxMs: 1, forMs: 1 },
      breaker: { failures: 1, openMs: 1 },
    },
    polling: { everyMs: 1_000 },
    pushClients: [],
    subscribes: [],
    settings: {},
  } satisfies SystemSettings
  const manifest = {
    name: id,
    kind: 'department' as const,
    title: own.title,
    settings: {},
    create: () => adapter,
  }
  const system = openSystem(own, manifest)
  t.teardown(() => closeSystem(system))
  return system
}

/** A ledger with one case delivered to `licence`, and three systems: one lists, one cannot, one is broken. */
async function openNight(t: Teardown) {
  const books = await openBooks(t)
  const { submissionId, aggregate } = await books.take()
  const caseId = aggregate!.cases[0]!.id
  await books.tell(submissionId, delivered(aggregate!.transfers[0]!.id, 'P-1'))
  const list: ListedItem[] = [{ id: caseId, reference: 'P-1' }]
  let broken = true
  const listing = (items: () => readonly ListedItem[]): Adapter => ({
    outgoing: {},
    listing: {
      async *list(day) {
        if (day === today) yield* items()
      },
    },
  })
  const systems = new Map(
    [
      systemWith(
        t,
        'licence',
        listing(() => list),
      ),
      systemWith(t, 'platform', { outgoing: { notify: { send: async () => ({}), honoursKey: true } } }),
      systemWith(
        t,
        'post',
        listing(() => {
          if (broken) throw new AdapterFailure('unavailable', 'the post office is closed')
          return []
        }),
      ),
    ].map((one) => [one.id, one]),
  )
  const heard: Outcome[] = []
  return {
    books,
    list,
    heard,
    mend: () => {
      broken = false
    },
    night: (now: Date) =>
      reconcileOwed({
        ledger: { ...books.ledger, now: () => now },
        systems,
        settings,
        catalogues: onlyCatalogue({ certificateTypes: new Map() } as unknown as Catalogue),
        url: books.url,
        reconciled: (outcome) => heard.push(outcome),
      }),
    kept: (day: string | null = today, system: string | null = null) =>
      keptOutcomes(books.ledger.readers, { system, day }, 100),
  }
}

t.test('a day is compared once its time has come, and not before', async (t) => {
  const { night, kept, heard } = await openNight(t)
  await night(at(dayAfter(today), '02:29'))
  t.strictSame(await kept(), [])
  await night(at(dayAfter(today), '02:30'))
  t.match(await kept(), [
    {
      system: 'licence',
      state: 'compared',
      counts: { ours: 1, theirs: 1, agreed: 1, unanswered: 0 },
      tries: 1,
    },
    { system: 'platform', state: 'unable', counts: null },
    { system: 'post', state: 'failed', reason: /the post office is closed/ },
  ])
  t.strictSame(
    heard.map(({ system }) => system),
    ['licence', 'post'],
    'who cannot answer is no news',
  )
})

t.test('what was compared is not compared again, what failed is, after a while', async (t) => {
  const { night, kept, mend, books } = await openNight(t)
  const tomorrow = at(dayAfter(today), '03:00')
  await night(tomorrow)
  mend()
  await night(tomorrow)
  t.match(await kept(), [{ tries: 1 }, { tries: 1 }, { system: 'post', state: 'failed', tries: 1 }])
  await books.query("update reconciliations set at = at - interval '31 minutes'")
  await night(tomorrow)
  t.match(await kept(), [
    { tries: 1 },
    { tries: 1 },
    { system: 'post', state: 'compared', tries: 2, reason: null },
  ])
})

t.test(
  'missed nights are made up for, up to a week, and none from before the first submission',
  async (t) => {
    const { night, kept } = await openNight(t)
    await night(at(dayAfter(today, 3), '12:00'))
    const days = (await kept(null)).filter(({ system }) => system === 'licence').map(({ day }) => day)
    t.strictSame(days, [dayAfter(today, 2), dayAfter(today, 1), today])
    t.equal(daysOwed(at('2026-11-26', '02:00'), '02:30').length, 6)
    t.equal(daysOwed(at('2026-11-26', '02:31'), '02:30').length, 7)
    t.equal(daysOwed(at('2026-11-26', '02:31'), '02:30').at(-1), '2026-11-25')
    t.strictSame(daysOwed(at('2026-11-26', '12:00'), null), [], 'off')
  },
)

t.test('differences are kept by their class, with numbers and states and nothing else', async (t) => {
  const { night, kept, list, books } = await openNight(t)
  list[0] = { id: list[0]!.id!, reference: 'P-2' }
  list.push({ reference: '张三 13800138000' }, { reference: 'P-9' })
  await night(at(dayAfter(today), '03:00'))
  t.notOk('differences' in (await kept())[0]!, 'a list does not read them')
  const [one] = await kept(today, 'licence')
  t.match(one!.counts, { onlyTheirs: 2, different: 1 })
  const byClass = [...one!.differences!].sort((a, b) => a.class.localeCompare(b.class))
  t.match(byClass, [
    { class: 'only-theirs', id: null },
    { class: 'only-theirs', id: null },
    { class: 'reference', ours: { reference: 'P-1' }, theirs: { reference: 'P-2' } },
  ])
  t.notMatch(JSON.stringify(one), /张三|13800138000/)
  t.match(await newestDifferences(books.ledger.readers), [{ system: 'licence', counts: { different: 1 } }])
})
