// What becomes of a file when the department is quicker than we are, and when we are killed: nothing is moved
// away unread, and an acknowledgement always comes.

import t, { type Test } from 'tap'
import type { Drop } from '../../adapters/department-file-drop/drop.ts'
import { layoutOf } from '../../adapters/department-file-drop/layout.ts'
import { localTransport } from '../../adapters/department-file-drop/local.ts'
import { readPage } from '../../adapters/department-file-drop/reading.ts'
import type { FileDropSettings } from '../../adapters/department-file-drop/settings.ts'
import { settleItems } from '../../adapters/department-file-drop/settling.ts'
import type { PolledItem, SettledItem } from '../../src/adapter-kit/contract.ts'
import { failed, json, overFolder, put, sha256, submitted } from './department-file-drop-scene.ts'

type Wrap = (drop: Drop) => Drop

/** A folder, read and settled through a drop that the test has its hands in. */
function desk(t: Test, extra: Partial<FileDropSettings> = {}) {
  const { folder, attempt, report, files, text } = overFolder(t)
  const layout = layoutOf({ transport: { folder: { path: folder } }, region: '410221', ...extra })
  const open = async (wrap: Wrap) =>
    wrap(await localTransport(folder, 'utf-8').open(new AbortController().signal))
  return {
    folder,
    report,
    files,
    text,
    read: async (wrap: Wrap = (drop) => drop): Promise<readonly PolledItem[]> =>
      (await readPage(await open(wrap), layout, attempt())).items,
    settle: async (items: readonly PolledItem[], wrap: Wrap = (drop) => drop, outcomeOf = recorded) =>
      settleItems(await open(wrap), layout, items.map(outcomeOf), attempt()),
  }
}

const recorded = ({ key, failure }: PolledItem): SettledItem =>
  failure ? { key, outcome: 'unreadable', reason: failure.message } : { key, outcome: 'recorded' }
const unknown = ({ key }: PolledItem): SettledItem => ({ key, outcome: 'unknown' })
const eventsOf = (items: readonly PolledItem[]) => items.map(({ events }) => events[0]?.id)

/** The department does something just before or after we rename a file to, or from, a path. */
const meanwhile =
  (when: 'before' | 'after', is: (from: string, to: string) => boolean, act: () => void): Wrap =>
  (drop) => {
    let acted = false
    const once = (from: string, to: string) => {
      if (acted || !is(from, to)) return
      acted = true
      act()
    }
    return {
      ...drop,
      async rename(from, to, replace) {
        if (when === 'before') once(from, to)
        const renamed = await drop.rename(from, to, replace)
        if (when === 'after') once(from, to)
        return renamed
      },
    }
  }

const second = json({ eventId: 'E-2', status: '35' })

t.test('the next file of a name may come as soon as the acknowledgement of the first is there', async (t) => {
  const { report, read, settle, files, text } = desk(t)
  report('R.json', json())
  const isAck = (_: string, to: string) => to === 'ack/R.json.ack'
  await settle(
    await read(),
    meanwhile('after', isAck, () => report('R.json', second)),
  )
  t.same(files('in'), ['R.json', 'R.json.mf'])
  const items = await read()
  t.same(eventsOf(items), ['E-2'])
  await settle(items)
  t.same(files('in'), [])
  t.equal(files('done').length, 4, 'both files and both manifests')
  t.match(JSON.parse(text('ack/R.json.ack')), { sha256: sha256(second), outcome: 'recorded' })
})

t.test('a file that is replaced at the moment it is taken is read, and its manifest with it', async (t) => {
  const { report, read, settle, files } = desk(t)
  report('R.json', json())
  const isTaken = (from: string) => from === 'in/R.json'
  await settle(
    await read(),
    meanwhile('before', isTaken, () => report('R.json', second)),
  )
  t.same(files('in'), ['R.json', 'R.json.mf'])
  t.same(files('ack'), [])
  t.same(eventsOf(await read()), ['E-2'])
})

t.test('a manifest that is replaced at the moment it is taken stays for its file', async (t) => {
  const { report, read, settle, files, folder } = desk(t)
  report('R.json', json())
  const isTaken = (from: string) => from === 'in/R.json.mf'
  const ofTheNext = () => put(folder, 'in/R.json.mf', `${sha256(second)}  R.json\n`)
  await settle(await read(), meanwhile('before', isTaken, ofTheNext))
  t.same([files('in'), files('done')], [['R.json.mf'], ['R.json']])
  put(folder, 'in/R.json', second)
  t.same(eventsOf(await read()), ['E-2'])
})

t.test('the manifest of the next file is no part of this one', async (t) => {
  const { report, read, settle, files, folder } = desk(t)
  report('R.json', json())
  const items = await read()
  put(folder, 'in/R.json.mf', `${sha256(second)}  R.json\n`)
  await settle(items)
  t.same([files('in'), files('done')], [['R.json.mf'], ['R.json']])
})

const isOurAck = (_: string, to: string) => to.startsWith('ack/')
const killed = () => {
  throw new Error('killed')
}

t.test('a file that a crash left held does not take what belongs to the next of its name', async (t) => {
  const of = { marker: '', manifest: `${sha256(second)}  R.json\n` }
  for (const complete of ['marker', 'manifest'] as const)
    for (const outcomeOf of [recorded, unknown]) {
      const { report, read, settle, files, folder } = desk(t, { incoming: { complete } })
      report('R.json', json(), complete === 'marker' ? '' : undefined)
      await settle(await read(), meanwhile('before', isOurAck, killed)).catch(() => undefined)
      const held = await read()
      t.same(eventsOf(held), ['E-1'])
      // Later than patience allows, in which nobody polled.
      put(folder, 'in/R.json', second, 900)
      put(folder, 'in/R.json.mf', of[complete], 900)
      await settle(held, undefined, outcomeOf)
      const isNext = (name: string) => !name.startsWith('.')
      t.same(files('in').filter(isNext), ['R.json', 'R.json.mf'], complete)
      const items = await read()
      t.same(eventsOf(items), ['E-2'], complete)
      await settle(items)
      await read()
      t.same(files('in'), [], complete)
    }
})

t.test('a file that another process takes at the same moment is not removed', async (t) => {
  const { report, read, settle, files } = desk(t)
  report('R.json', json())
  let taken = false
  // As servers rename that cannot replace.
  const slowly: Wrap = (drop) => ({
    ...drop,
    async rename(from, to, replace) {
      if (replace && !(await drop.stat(from))) return false
      if (from === 'in/R.json' && !taken) taken = await drop.rename(from, to, false)
      if (replace) await drop.remove(to)
      return drop.rename(from, to, false)
    },
  })
  await settle(await read(), slowly)
  t.ok(taken)
  t.same([files('in'), files('done'), files('ack')], [[], ['R.json', 'R.json.mf'], ['R.json.ack']])
})

t.test('a name is free as long as that of its acknowledgement fits', async (t) => {
  for (const length of [246, 247]) {
    const { report, read, settle, files } = desk(t)
    const name = `${'r'.repeat(length - '.json'.length)}.json`
    report(name, json())
    await settle(await read())
    t.same([files('done'), files('ack')], [[name, `${name}.mf`], [`${name}.ack`]], `${length}`)
  }
})

t.test('a name that cannot be kept is told of, and the others do not wait for it', async (t) => {
  const { folder, read, settle, files } = desk(t, { incoming: { complete: 'rename' } })
  put(folder, `in/${'r'.repeat(245)}.json`, json(), 900)
  for (let n = 0; n < 20; n++) put(folder, `in/R${n}.json`, json({ eventId: `E-${n}` }))
  await t.rejects(settle(await read()), failed('rejected', { code: 'ENAMETOOLONG' }))
  t.equal(files('done').length, 20)
})

t.test('another word of the department on our file is not put away unread', async (t) => {
  const { read, settle, files, folder } = desk(t)
  put(folder, `ack/${submitted}.json.ack`, '{"code":"2001"}')
  const items = await read()
  put(folder, `ack/${submitted}.json.ack`, '{"code":"0"}')
  await settle(items)
  t.same(files('ack'), [`${submitted}.json.ack`])
})

/** Ends us before or after the n-th step that changes anything; `wasIt` tells whether there was such a step. */
function killer(step: number, when: 'before' | 'after') {
  let left = step
  const changing = async <T>(work: () => Promise<T>): Promise<T> => {
    if (left < 0) throw new Error('killed')
    left--
    if (left < 0 && when === 'before') throw new Error('killed')
    const done = await work()
    if (left < 0) throw new Error('killed')
    return done
  }
  const wrap: Wrap = (drop) => ({
    ...drop,
    write: (path, bytes) => changing(() => drop.write(path, bytes)),
    rename: (from, to, replace) => changing(() => drop.rename(from, to, replace)),
    remove: (path) => changing(() => drop.remove(path)),
  })
  return { wrap, wasIt: () => left < 0 }
}

const MOST_STEPS = 30

/** Reads and settles until nothing comes any more. */
async function goOn({ read, settle }: ReturnType<typeof desk>): Promise<string[]> {
  const seen: string[] = []
  for (let pages = 0; pages < 5; pages++) {
    const items = await read()
    if (items.length === 0) return seen
    seen.push(...eventsOf(items).map(String))
    await settle(items)
  }
  throw new Error('it never ends')
}

for (const when of ['before', 'after'] as const) {
  t.test(`killed ${when} any step, we lose nothing, and the acknowledgement comes`, async (t) => {
    for (let step = 0; step < MOST_STEPS; step++) {
      const one = desk(t)
      one.report('R.json', json())
      const { wrap, wasIt } = killer(step, when)
      await one.settle(await one.read(), wrap).catch(() => undefined)
      await goOn(one)
      const left = { in: one.files('in'), done: one.files('done') }
      t.same(left, { in: [], done: ['R.json', 'R.json.mf'] }, `step ${step}`)
      t.match(JSON.parse(one.text('ack/R.json.ack')), { outcome: 'recorded', sha256: sha256(json()) })
      if (!wasIt()) return
    }
    t.fail('it has more steps than that')
  })

  t.test(`killed ${when} any step, the next file of the name is read, and has the last word`, async (t) => {
    for (let step = 0; step < MOST_STEPS; step++) {
      const one = desk(t)
      one.report('R.json', json())
      const { wrap, wasIt } = killer(step, when)
      await one.settle(await one.read(), wrap).catch(() => undefined)
      // A department that waits for our word, and for its name to be free.
      if (!one.files('ack').includes('R.json.ack')) await goOn(one)
      one.report('R.json', second)
      const seen = await goOn(one)
      t.ok(seen.includes('E-2'), `step ${step}`)
      t.same(one.files('in'), [], `step ${step}`)
      t.equal(one.files('done').length, 4, `step ${step}: ${one.files('done')}`)
      t.match(JSON.parse(one.text('ack/R.json.ack')), { sha256: sha256(second) }, `step ${step}`)
      if (!wasIt()) return
    }
    t.fail('it has more steps than that')
  })
}

t.test('killed at any step, we never believe a file that is at odds with its manifest', async (t) => {
  for (const when of ['before', 'after'] as const)
    for (let step = 0; step < MOST_STEPS; step++) {
      const one = desk(t)
      put(one.folder, 'in/D.json', json(), 900)
      put(one.folder, 'in/D.json.mf', `${sha256(second)}  D.json\n`, 900)
      const { wrap, wasIt } = killer(step, when)
      await one.settle(await one.read(), wrap).catch(() => undefined)
      t.same(
        (await goOn(one)).filter((id) => id !== 'undefined'),
        [],
        `${when} step ${step}`,
      )
      t.same([one.files('in'), one.files('reject').includes('D.json')], [[], true], `${when} step ${step}`)
      t.match(JSON.parse(one.text('ack/D.json.ack')), { outcome: 'unreadable' })
      if (!wasIt()) break
    }
})

t.test('a file that was dropped again after a crash, for want of an answer, is answered once', async (t) => {
  const one = desk(t)
  one.report('R.json', json())
  await one.settle(await one.read(), meanwhile('before', isOurAck, killed)).catch(() => undefined)
  one.report('R.json', json())
  await goOn(one)
  t.same(one.files('in'), [])
  const taken = one.files('done').filter((name) => name.endsWith('.json'))
  t.same([taken, one.files('ack')], [['R.json'], ['R.json.ack']])
})
