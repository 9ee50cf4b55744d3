// A disk that fills while a file is being written. Needs the right to mount a small file system.

import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { asStoreFailure } from '../../src/materials/failures.ts'
import { openMaterialStore } from '../../src/materials/store.ts'
import { failing, KIB, MIB, roomy } from './setup.ts'

t.test('full disk and full quota are storage-full, other faults are not', async (t) => {
  const full = (code: string) => asStoreFailure(Object.assign(new Error(code), { code }))
  t.match(full('ENOSPC'), failing('storage-full'))
  t.match(full('EDQUOT'), failing('storage-full'))
  t.notMatch(full('EIO'), failing('storage-full'))
})

t.test('a disk that fills in the middle of a file keeps what it had and nothing of the file', async (t) => {
  const folder = smallDisk()
  if (folder === null) return void t.comment('skipped: needs the right to mount')
  t.teardown(() => {
    execFileSync('umount', [folder])
    rmdirSync(folder)
  })
  const store = await openMaterialStore(pathToFileURL(folder).href, roomy)
  const { sha256 } = await store.put(Readable.from([randomBytes(MIB)]), { maxBytes: 8 * MIB })
  const chunks = Array.from({ length: 80 }, () => randomBytes(64 * KIB))
  await t.rejects(store.put(Readable.from(chunks), { maxBytes: 8 * MIB }), failing('storage-full'))
  t.same(await readdir(join(folder, 'temp')), [])
  t.equal(await store.verify(sha256), 'intact')
  t.match(await store.put(Readable.from([randomBytes(MIB)]), { maxBytes: 8 * MIB }), { size: MIB })
})

function smallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'tongban-small-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder], { stdio: 'ignore' })
    return folder
  } catch {
    rmdirSync(folder)
    return null
  }
}
