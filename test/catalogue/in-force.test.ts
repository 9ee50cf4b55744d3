// Which catalogue a process uses: recorded once, followed by all, pinned by submissions, in force by the day.

import t, { type Test } from 'tap'
import { type Catalogues, openCatalogues } from '../../src/catalogue/in-force.ts'
import { openReaders, openWriters } from '../../src/ledger/database.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { folder, right } from '../settings/folder.ts'
import { createDatabase } from '../support/database.ts'

const file = 'matters/catalogue.yaml'

/** The files with another first day, and a promised limit that tells one version from another. */
async function files(t: Test, effectiveFrom: string, days: number): Promise<Settings> {
  const text = right[file]!.replace('promisedLimit: { days: 1,', `promisedLimit: { days: ${days},`)
  return folder(t, { [file]: `effectiveFrom: "${effectiveFrom}"\n${text}` }).load()
}

/** The processes of an installation: each with its own files, all with one ledger and one clock. */
async function installation(t: Test, at = '2026-06-01T02:00:00Z') {
  const { url } = await createDatabase(t)
  const [readers, writers] = [openReaders(url, 2), openWriters(url, 4)]
  t.teardown(() => Promise.all([readers.end(), writers.end()]))
  const clock = { at }
  const told: string[] = []
  const log = {
    info: () => undefined,
    warn: (_: unknown, text?: string) => void told.push(String(text)),
    error: () => undefined,
  }
  return {
    clock,
    told,
    readers,
    async start(
      settings: Settings,
      systems: { has(id: string): boolean } = settings.systems,
    ): Promise<Catalogues> {
      const now = () => new Date(clock.at)
      const catalogues = await openCatalogues({ ledger: { readers, writers }, now, settings, systems, log })
      t.teardown(() => catalogues.close())
      return catalogues
    },
  }
}

const promised = (catalogue: { matters: ReadonlyMap<string, { promisedLimit: { days: number } }> }) =>
  catalogue.matters.get('birth')!.promisedLimit.days

t.test('the first start records the files; the next ones find them recorded', async (t) => {
  const { start } = await installation(t)
  const settings = await files(t, '2026-01-01', 1)
  await start(settings)
  const again = await start(settings)
  t.match(again.list(), [
    {
      number: 1,
      version: settings.catalogue.version,
      effectiveFrom: '2026-01-01',
      by: 'start',
      standing: 'in-force',
    },
  ])
  t.equal(again.list().length, 1)
})

t.test('a catalogue built from the ledger is the one that was read from the files', async (t) => {
  const { start } = await installation(t)
  const old = await files(t, '2026-01-01', 1)
  await start(old)
  const later = await start(await files(t, '2026-05-01', 2))
  t.strictSame(later.of(old.catalogue.version), old.catalogue)
})

t.test('a process on older files uses what another has brought into force, and says so', async (t) => {
  const { start, told } = await installation(t)
  const old = await files(t, '2026-01-01', 1)
  const running = await start(old)
  await start(await files(t, '2026-05-01', 2))
  await running.refresh()
  t.equal(promised(running.inForce()), 2, 'the one that runs follows')
  const restarted = await start(old)
  t.equal(promised(restarted.inForce()), 2, 'and so does the one that is started again')
  t.equal(restarted.list().length, 2)
  t.match(told, [/^catalogue.differs/])
})

t.test('it is taken up by itself, without being asked', async (t) => {
  const { start } = await installation(t)
  const running = await start(await files(t, '2026-01-01', 1))
  await start(await files(t, '2026-05-01', 2))
  for (let tries = 0; tries < 100 && promised(running.inForce()) === 1; tries++)
    await new Promise((resolve) => setTimeout(resolve, 50))
  t.equal(promised(running.inForce()), 2)
})

t.test(
  "a future version waits and comes into force in every process on its day, which is China's",
  async (t) => {
    const { start, clock } = await installation(t, '2026-06-30T15:59:00Z')
    const one = await start(await files(t, '2026-01-01', 1))
    const other = await start(await files(t, '2026-07-01', 2))
    await one.refresh()
    for (const process of [one, other]) {
      t.equal(promised(process.inForce()), 1)
      t.match(process.list(), [{ standing: 'waiting' }, { standing: 'in-force' }])
      t.strictSame(process.live().map(promised), [1, 2])
    }
    clock.at = '2026-06-30T16:00:00Z'
    await Promise.all([one.refresh(), other.refresh()])
    for (const process of [one, other]) {
      t.equal(promised(process.inForce()), 2)
      t.match(process.list(), [{ standing: 'in-force' }, { standing: 'past' }])
    }
  },
)

t.test('files whose day is taken are not recorded by a start; what was in force stays', async (t) => {
  const { start, told } = await installation(t)
  await start(await files(t, '2026-01-01', 1))
  const edited = await start(await files(t, '2026-01-01', 2))
  t.equal(promised(edited.inForce()), 1)
  t.equal(edited.list().length, 1)
  t.match(told, [/^catalogue.not-recorded/])
})

t.test('two that start at once with the same new files record them once', async (t) => {
  const { start } = await installation(t)
  const settings = await files(t, '2026-01-01', 1)
  const started = await Promise.all([start(settings), start(settings), start(settings)])
  for (const process of started) {
    await process.refresh()
    t.equal(process.list().length, 1)
  }
})

t.test('two that start at once with different files of one day: one is recorded, both use it', async (t) => {
  const { start, told } = await installation(t)
  const started = await Promise.all([
    start(await files(t, '2026-01-01', 1)),
    start(await files(t, '2026-01-01', 2)),
  ])
  await Promise.all(started.map((one) => one.refresh()))
  t.equal(started[0]!.list().length, 1)
  t.equal(promised(started[0]!.inForce()), promised(started[1]!.inForce()))
  t.equal(told.filter((text) => text.startsWith('catalogue.not-recorded')).length, 1)
})

t.test('a submission of a version that another process recorded a moment ago finds it', async (t) => {
  const { start } = await installation(t)
  const slow = await start(await files(t, '2026-01-01', 1))
  const quick = await start(await files(t, '2026-05-01', 2))
  const { version } = quick.inForce()
  const learning = slow.learn([version])
  t.ok(learning, 'it has to ask')
  await learning
  t.equal(promised(slow.of(version)), 2)
  t.equal(slow.learn([version]), null, 'only once')
  t.equal(promised(await slow.pinned(version)), 2)
})

t.test('a version that was never recorded is answered by the one in force, with one warning', async (t) => {
  const { start, told } = await installation(t)
  const process = await start(await files(t, '2026-01-01', 1))
  t.equal(promised(await process.pinned('0123456789ab')), 1)
  t.equal(promised(process.of('0123456789ab')), 1)
  t.equal(process.learn(['0123456789ab']), null, 'it is not asked for again and again')
  t.match(told, [/^catalogue.unknown/])
  t.equal(told.length, 1)
})

t.test('a catalogue that leads to a system that is not there is held back until it is', async (t) => {
  const { start, told } = await installation(t)
  const there = new Set(['health', 'registry'])
  const process = await start(await files(t, '2026-01-01', 1), there)
  const next = await folder(t, {
    'systems/clinic.yaml': right['systems/health.yaml']!,
    [file]: `effectiveFrom: "2026-05-01"\n${right[file]!.replace('systems: health', 'systems: clinic')}`,
  }).load()
  await start(next)
  await process.refresh()
  await process.refresh()
  t.equal(process.number(), 1)
  t.match(told, [/^catalogue.held-back/])
  t.equal(told.length, 1, 'said once')
  there.add('clinic')
  await process.refresh()
  t.equal(process.number(), 2)
  await t.rejects(start(await files(t, '2026-01-01', 1), new Set(['health', 'registry'])), {
    message: /version 2 is in force and leads to systems that config\/systems does not have: clinic/,
  })
})

t.test(
  'versions are found by number and by hash, and keep the names of their certificate types',
  async (t) => {
    const { start } = await installation(t)
    const old = await start(await files(t, '2026-01-01', 1))
    const without = right[file]!.replace(/certificateTypes:\n.*\n/, '')
      .replace(/ {2}- \{ code: permit,.*\n/, '')
      .replace(/ {4}materials:\n {6}- \{ material: permit.*\n/, '')
    const process = await start(await folder(t, { [file]: `effectiveFrom: "2026-05-01"\n${without}` }).load())
    t.match(process.find('1'), { number: 1, standing: 'past', files: [{ file }] })
    t.equal(process.find(old.inForce().version)?.number, 1)
    t.equal(process.find('3'), undefined)
    t.equal(process.find('permit'), undefined)
    t.equal(process.inForce().certificateTypes.size, 0)
    t.equal(process.certificateTypes.get('11100000000013338W011')?.name.zh, '许可证')
    t.equal(process.certificateTypes.get('x'), undefined)
  },
)

t.test('what was recorded cannot be changed or taken away', async (t) => {
  const { start, readers } = await installation(t)
  await start(await files(t, '2026-01-01', 1))
  await t.rejects(readers.query(`update catalogue_versions set effective_from = '2020-01-01'`), /append-only/)
  await t.rejects(readers.query('delete from catalogue_versions'), /append-only/)
})
