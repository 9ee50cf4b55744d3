// Room for files: what is under way is counted before it is written, and looked at again while it is.

import { Readable } from 'node:stream'
import t from 'tap'
import { STEP_BYTES, watchRoom } from '../../src/materials/free-space.ts'
import { authorization, failing, MIB, openTempStore, startFileGateway } from './setup.ts'

/** 900 MiB of 10,000 above what must stay free. */
const total = 10_000 * MIB
const disk = () => ({ freeBytes: 1_900 * MIB, totalBytes: total })

function roomOn(space: { freeBytes: number; totalBytes: number }) {
  let now = 0
  const room = watchRoom({ minFreeShare: 0.1, measure: async () => ({ ...space }), now: () => now })
  return { room, later: () => (now += 6_000) }
}

t.test('files that come at the same time do not all see the same room', async (t) => {
  const { room } = roomOn(disk())
  const places = [await room.enter(400 * MIB), await room.enter(400 * MIB)]
  await t.rejects(room.enter(200 * MIB), failing('storage-full'))
  places[0]!.leave()
  await t.resolves(room.enter(200 * MIB))
})

t.test('what is written counts until the disk is asked again, and then once', async (t) => {
  const space = disk()
  const { room, later } = roomOn(space)
  const place = await room.enter(800 * MIB)
  await place.grown(800 * MIB)
  place.leave()
  await t.rejects(room.enter(200 * MIB), failing('storage-full'), 'the disk does not know of it yet')
  space.freeBytes -= 800 * MIB
  later()
  await t.resolves(room.enter(90 * MIB))
})

t.test('a file of unknown length has room for the next step only, and ends when there is none', async (t) => {
  const space = { freeBytes: 1_000 * MIB + 3 * STEP_BYTES, totalBytes: total }
  const { room } = roomOn(space)
  const place = await room.enter(undefined)
  let size = 0
  await t.rejects(async () => {
    for (; size < 20 * STEP_BYTES; size += MIB) await place.grown(size)
  }, failing('storage-full'))
  t.ok(size <= 3 * STEP_BYTES, `${size / MIB} MiB`)
  place.leave()
})

t.test('a file that had room ends when others have taken it meanwhile', async (t) => {
  const space = disk()
  const { room, later } = roomOn(space)
  const place = await room.enter(500 * MIB)
  t.equal(place.grown(MIB), null, 'between the steps nothing is asked')
  space.freeBytes = 1_400 * MIB
  later()
  await t.rejects(async () => place.grown(STEP_BYTES), failing('storage-full'))
})

t.test('a file without a length ends before the disk is full, and leaves nothing', async (t) => {
  const measure = async () => ({ freeBytes: 125 * MIB, totalBytes: 1_000 * MIB })
  const { store, files } = await openTempStore(t, { measure })
  const chunks = Array.from({ length: 24 }, () => Buffer.alloc(MIB))
  await t.rejects(store.put(Readable.from(chunks), { maxBytes: 1_000 * MIB }), failing('storage-full'))
  t.strictSame(await files(), [])
  t.match(await store.put(Readable.from([Buffer.alloc(MIB)]), { maxBytes: MIB, expectedBytes: MIB }), {
    size: MIB,
  })
})

t.test('of twenty files at once, as many are taken as there is room for', async (t) => {
  const measure = async () => ({ freeBytes: 104 * MIB, totalBytes: 1_000 * MIB })
  const { store, files } = await openTempStore(t, { measure })
  const puts = Array.from({ length: 20 }, (_, i) =>
    store.put(Readable.from([Buffer.alloc(MIB, i)]), { maxBytes: 2 * MIB, expectedBytes: MIB }),
  )
  const taken = (await Promise.allSettled(puts)).filter((one) => one.status === 'fulfilled')
  t.equal(taken.length, 4)
  t.equal((await files()).length, 4)
})

t.test('a form is refused by its length before its file is written', async (t) => {
  const measure = async () => ({ freeBytes: 102 * MIB, totalBytes: 1_000 * MIB })
  const { url, files } = await startFileGateway(t, { store: { measure } })
  for (const [size, status] of [
    [3 * MIB, 507],
    [1 * MIB, 201],
  ] as const) {
    const form = new FormData()
    form.append('file', new Blob([Buffer.alloc(size, '%PDF-1.7\n')], { type: 'application/pdf' }), 'a.pdf')
    const answer = await fetch(`${url}/v1/materials`, {
      method: 'POST',
      body: form,
      headers: { authorization },
    })
    t.equal(answer.status, status)
    await answer.body?.cancel()
  }
  t.equal((await files()).length, 1)
})
