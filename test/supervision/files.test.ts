// Files that nothing names go after a day, all others stay, whatever happens meanwhile; damage is found.

import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import { registerUpload } from '../../src/ledger/uploads.ts'
import { openMaterialStore } from '../../src/materials/store.ts'
import {
  clearLeftovers,
  collectUnnamed,
  type FileObserver,
  lookAtDisk,
  readAgain,
} from '../../src/supervision/files.ts'
import { openBooks } from '../ledger/books.ts'
import { openTempStore, roomy } from '../materials/setup.ts'

const DAY_MS = 86_400_000
const signal = new AbortController().signal
const old = new Date(Date.now() - 2 * DAY_MS)
const yesterday = new Date(Date.now() - DAY_MS)
const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

async function openFiles(t: Test) {
  const kept = await openTempStore(t)
  const pathOf = (sha256: string) =>
    join(kept.folder, 'objects', sha256.slice(0, 2), sha256.slice(2, 4), sha256)
  const age = (sha256: string, at = old) => utimes(pathOf(sha256), at, at)
  return {
    ...kept,
    pathOf,
    age,
    async put(bytes = randomBytes(50), at: Date | null = old) {
      const { sha256 } = await kept.store.put(Readable.from([bytes]), { maxBytes: 10_000 })
      if (at) await age(sha256, at)
      return sha256
    },
  }
}

function listen() {
  const heard: [string, object][] = []
  const note = (what: string) => (facts: object) => void heard.push([what, facts])
  const observer: FileObserver = {
    leftoversCleared: note('leftovers'),
    filesCollected: note('collected'),
    filesUnnamed: note('unnamed'),
    fileDamaged: note('damaged'),
    diskFilling: note('filling'),
  }
  return { heard, observer }
}

t.test('a file that any row names stays, wherever; one that is young stays; the rest goes', async (t) => {
  const files = await openFiles(t)
  const books = await openBooks(t)
  const { ledger } = books
  const fileOf = (sha256: string) => ({ sha256, size: 50, mediaType: 'text/plain', fileName: 'a.txt' })
  const { submissionId } = await books.take()
  const named: Record<string, string> = {}
  const put = async (where: string) => {
    const sha256 = await files.put()
    named[where] = sha256
    return sha256
  }

  const upload = fileOf(await put('an upload'))
  await registerUpload(ledger.writers, { materialId: 'mat_1', client: 'c', ...upload })
  const json = async (where: string) => JSON.stringify({ files: [fileOf(await put(where))] })
  await books.query(`insert into materials (submission_id, code, data) values ($1, 'x', $2)`, [
    submissionId,
    await json('a material'),
  ])
  await books.query(
    `insert into entries (id, submission_id, number, type, occurred_at, data) values ('evt_1', $1, 99, 'x', now(), $2)`,
    [submissionId, await json('an entry')],
  )
  await books.query(
    `insert into transfers (id, submission_id, system, operation, lane, sequence, state, receipt, about)
     values ('tra_1', $1, 's', 'x', 'l', 1, 'delivered', $2, '{}')`,
    [submissionId, await json('a receipt')],
  )
  await books.query(
    `insert into reusable_materials (id, holder, material, platform, division, submission_id, case_id, matter, decided_at, expires_on, trust, data)
     values ('reu_1', 'h', 'm', 'p', '410204', $1, 'c', 'm', now(), '2999-01-01', 't', $2)`,
    [submissionId, await json('a material used again')],
  )
  await books.query(`update messages set document = $1`, [await json('the document of a message')])
  const young = await files.put(undefined, null)
  const orphans = [await files.put(), await files.put()]

  const { heard, observer } = listen()
  await collectUnnamed({ store: files.store, readers: ledger.readers, observer }, signal)
  for (const [where, sha256] of Object.entries(named)) t.ok(await files.store.has(sha256), where)
  t.ok(await files.store.has(young), 'what is young')
  for (const sha256 of orphans) t.notOk(await files.store.has(sha256), 'what nothing names')
  t.strictSame(heard, [['collected', { files: 2, bytes: 100 }]])
  await collectUnnamed({ store: files.store, readers: ledger.readers, observer }, signal)
  t.equal(heard.length, 1, 'nothing is left to collect')
})

t.test('bytes that come again while their file is collected are kept, also by another process', async (t) => {
  const files = await openFiles(t)
  const other = await openMaterialStore(pathToFileURL(files.folder).href, roomy)
  t.teardown(() => other.close())
  let [collected, kept] = [0, 0]
  for (let i = 0; i < 150; i++) {
    const bytes = Buffer.from(`the same bytes ${i % 5}`)
    const sha256 = hash(bytes)
    await files.put(bytes)
    const [, removed] = await Promise.all([
      other.put(Readable.from([bytes]), { maxBytes: 1_000 }),
      // Now sooner, now later than the other looks for the file.
      new Promise((go) => setTimeout(go, i % 4)).then(() => files.store.collect(sha256, yesterday)),
    ])
    if (removed) collected++
    else kept++
    t.equal(await files.store.verify(sha256), 'intact', 'what was acknowledged is there')
    await files.store.remove(sha256)
  }
  t.comment(`${collected} times removed and stored anew, ${kept} times kept`)
  t.strictSame(await readdir(join(files.folder, 'aside')), [])
})

t.test('a file stored again after it was judged is kept', async (t) => {
  const files = await openFiles(t)
  const bytes = randomBytes(40)
  const sha256 = await files.put(bytes)
  await files.put(bytes, null)
  t.equal(await files.store.collect(sha256, yesterday), false)
  t.equal(await files.store.verify(sha256), 'intact')
  t.equal(await files.store.collect('f'.repeat(64), yesterday), false, 'there is no such file')
})

t.test('what a process that died had aside is put back', async (t) => {
  const files = await openFiles(t)
  const bytes = randomBytes(40)
  await writeFile(join(files.folder, 'aside', hash(bytes)), bytes)
  const again = await openMaterialStore(pathToFileURL(files.folder).href, roomy)
  t.teardown(() => again.close())
  t.equal(await again.verify(hash(bytes)), 'intact')
  t.strictSame(await readdir(join(files.folder, 'aside')), [])
})

t.test(
  'a ledger that knows hardly any of the files is taken for another one: nothing is removed',
  async (t) => {
    const files = await openFiles(t)
    const books = await openBooks(t)
    for (let i = 0; i < 120; i++) await files.put()
    const { heard, observer } = listen()
    await collectUnnamed({ store: files.store, readers: books.ledger.readers, observer }, signal)
    t.strictSame(heard, [['unnamed', { files: 120, of: 120 }]])
    t.equal((await files.files()).length, 120)
  },
)

t.test('half a file of a dead process goes after an hour, one that is being written stays', async (t) => {
  const files = await openFiles(t)
  const books = await openBooks(t)
  await mkdir(join(files.folder, 'temp'), { recursive: true })
  for (const name of ['dead', 'alive']) await writeFile(join(files.folder, 'temp', name), 'half')
  await utimes(join(files.folder, 'temp', 'dead'), old, old)
  const { heard, observer } = listen()
  await clearLeftovers({ store: files.store, readers: books.ledger.readers, observer })
  t.strictSame(await readdir(join(files.folder, 'temp')), ['alive'])
  t.strictSame(heard, [['leftovers', { files: 1 }]])
})

t.test('within 32 days every file is read again; the damaged one is told of, and heals', async (t) => {
  const files = await openFiles(t)
  const books = await openBooks(t)
  const all: string[] = []
  const bytes = randomBytes(50)
  for (let i = 0; i < 20; i++) all.push(await files.put(i === 7 ? bytes : undefined))
  const damaged = all[7]!
  await writeFile(files.pathOf(damaged), randomBytes(50))
  const { heard, observer } = listen()
  for (let day = 0; day < 32; day++)
    await readAgain(
      { store: files.store, readers: books.ledger.readers, observer, now: () => Date.now() + day * DAY_MS },
      signal,
    )
  t.strictSame(heard, [['damaged', { sha256: damaged, aside: `${files.pathOf(damaged)}.damaged` }]])
  t.equal(await files.store.has(damaged), false, 'sent to nobody')
  await files.put(bytes)
  t.equal(await files.store.verify(damaged), 'intact', 'stored again')
  t.equal(await files.store.setAside(damaged), null, 'what is intact stays')
})

t.test('a disk that is four fifths full is warned of', async (t) => {
  const books = await openBooks(t)
  const { heard, observer } = listen()
  for (const freeBytes of [21, 20, 5]) {
    const { store } = await openTempStore(t, { measure: async () => ({ freeBytes, totalBytes: 100 }) })
    await lookAtDisk({ store, readers: books.ledger.readers, observer })
  }
  t.strictSame(heard, [
    ['filling', { usedPercent: 80 }],
    ['filling', { usedPercent: 95 }],
  ])
})
