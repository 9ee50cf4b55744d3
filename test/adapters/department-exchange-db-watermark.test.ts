// Reading by a column of numbers, with the right to read only: every row comes, whatever its number's digits,
// and whenever it was committed.

import t from 'tap'
import type { Adapter, PolledPage } from '../../src/adapter-kit/contract.ts'
import { endServers, onBoth, read, type Scene } from './department-exchange-db-scene.ts'

endServers(t)

const watermark = { column: 'id', delaySeconds: 0 }
const byNumber = { watermark, tables: { special: null } }
const withoutTimes = { columns: { cd_time: null } }
const byNumberAlone = { watermark, tables: { process: withoutTimes, result: withoutTimes, special: null } }

const addNumbers = async ({ run }: Scene) => {
  for (const table of ['process', 'result']) await run(`alter table up_pro_${table} add column id bigint`)
}

/** A row for each of these numbers; the order of their guids is another. */
const add = ({ run }: Scene, table: 'process' | 'result', numbers: readonly number[], base = 0n) => {
  const code = table === 'process' ? 'event_name' : 'result_type'
  const rows = numbers.map(
    (n) =>
      `('${String((n * 7919) % 10_007).padStart(5, '0')}-${n}', 'case_${n}', '${table === 'process' ? '30' : '50'}', ${base + BigInt(n)}, '2026-11-23 10:00:00')`,
  )
  return run(
    `insert into up_pro_${table} (row_guid, project_no, ${code}, id, cd_time) values ${rows.join(', ')}`,
  )
}

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, i) => first + i)
const numbersOf = ({ items }: PolledPage) => items.map(({ key }) => Number(key.split('-').at(-1)))

/** Everything there is from a cursor on, page after page. */
async function readOn(adapter: Adapter, from?: string) {
  const pages: PolledPage[] = []
  for (let more = true; more; more = pages.at(-1)!.more)
    pages.push(await read(adapter, pages.at(-1)?.cursor ?? from))
  return {
    keys: pages.flatMap(({ items }) => items.map(({ key }) => key)),
    pages,
    cursor: pages.at(-1)!.cursor,
  }
}

onBoth(t, 'a backlog of two tables is read whole, each row once', async (t, scene) => {
  await addNumbers(scene)
  await add(scene, 'process', upTo(250))
  await add(scene, 'result', upTo(150))
  for (const settings of [byNumber, byNumberAlone]) {
    const { keys, pages } = await readOn(scene.open(settings))
    t.equal(new Set(keys).size, 400)
    t.equal(keys.length, 400)
    t.strictSame(
      pages.map(({ items }) => items.length),
      [200, 200, 0],
    )
  }
  const first = numbersOf(await read(scene.open(byNumberAlone)))
  t.strictSame(
    first,
    first.toSorted((a, b) => a - b),
    'the lesser number first, whichever table it is of',
  )
})

onBoth(t, 'a number that is committed after a greater one was read still comes, once', async (t, scene) => {
  const longest = 9_000_000_000_000_000_000n
  await addNumbers(scene)
  await add(scene, 'process', [9, 11, 12], longest)
  await add(scene, 'result', [1])
  const adapter = scene.open({ ...byNumber, pageSize: 2 })
  const before = await readOn(adapter)
  t.equal(before.keys.length, 4)
  await add(scene, 'process', [10], longest)
  await add(scene, 'process', [13, 14, 15], longest)
  const late = await read(adapter, before.cursor)
  t.strictSame(numbersOf(late).toSorted(), [10, 13, 14], 'beside a page of new ones')
  const after = await readOn(adapter, late.cursor)
  t.strictSame(after.pages.map(numbersOf), [[15]])
  t.strictSame((await read(adapter, after.cursor)).items, [])
  t.strictSame((await read(adapter, before.cursor)).items.length, 3, 'the cursor alone remembers')
})

onBoth(t, 'however much is looked at again, reading goes on and pages stay bounded', async (t, scene) => {
  await addNumbers(scene)
  await add(scene, 'process', upTo(600, 301))
  const adapter = scene.open({ ...byNumber, pageSize: 50 })
  const first = await readOn(adapter)
  t.equal(first.keys.length, 300)
  t.ok(first.cursor!.length < 2_000, 'the cursor is short')
  await add(scene, 'process', upTo(300))
  await add(scene, 'process', upTo(700, 601))
  const { keys, pages } = await readOn(adapter, first.cursor)
  t.ok(Math.max(...pages.map(({ items }) => items.length)) <= 150)
  t.strictSame(
    keys.map((key) => Number(key.split('-').at(-1))).filter((n) => n > 600),
    upTo(700, 601),
    'no new row waits for another',
  )
})

onBoth(t, 'a cursor of an older release is read on from', async (t, scene) => {
  await addNumbers(scene)
  await add(scene, 'process', [1, 2, 3])
  const adapter = scene.open(byNumber)
  const guid = (await scene.run('select row_guid from up_pro_process where id = 2'))[0]?.row_guid
  const page = await read(adapter, JSON.stringify({ process: ['2', guid] }))
  t.strictSame(numbersOf(page), [1, 2, 3], 'what may have been passed over comes once more')
  t.strictSame((await read(adapter, page.cursor)).items, [])
})
