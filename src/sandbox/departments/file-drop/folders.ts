// The folders between the gateway and the department: out/ is what the gateway drops, in/ what the department drops,
// ack/ holds what each said of the other's files. Files appear whole: written aside, then renamed.

import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

type Directory = 'out' | 'in' | 'ack' | 'reject' | 'done'

export interface Folders {
  prepare(): Promise<void>
  names(directory: Directory): Promise<string[]>
  /** Undefined when it is not there. */
  read(directory: Directory, name: string): Promise<Buffer | undefined>
  /** Appears whole. */
  write(directory: Directory, name: string, bytes: Buffer): Promise<void>
  /** Appears as it is being written, as careless systems do it. */
  scribble(directory: Directory, name: string, bytes: Buffer): Promise<void>
  move(from: Directory, to: Directory, name: string): Promise<void>
  remove(directory: Directory, name: string): Promise<void>
  /** As a drive that is not mounted; the answer brings it back with all that it holds. */
  vanish(directory: Directory): Promise<() => Promise<void>>
}

/** A directory that was away when the city was killed is brought back. */
async function takeBack(directory: string): Promise<void> {
  await rename(`${directory}.away`, directory).catch(() => undefined)
  await mkdir(directory, { recursive: true })
}

export function openFolders(root: string): Folders {
  const at = (directory: Directory, name: string) => join(root, directory, name)
  return {
    async prepare() {
      for (const one of ['out', 'in', 'ack', 'reject', 'done']) await takeBack(join(root, one))
    },
    names: async (directory) => (await readdir(join(root, directory))).sort(),
    read: (directory, name) => readFile(at(directory, name)).catch(() => undefined),
    async write(directory, name, bytes) {
      await writeFile(at(directory, `${name}.tmp`), bytes, { flush: true })
      await rename(at(directory, `${name}.tmp`), at(directory, name))
    },
    scribble: (directory, name, bytes) => writeFile(at(directory, name), bytes),
    move: (from, to, name) => rename(at(from, name), at(to, name)).catch(() => undefined),
    remove: (directory, name) => rm(at(directory, name), { force: true }),
    async vanish(directory) {
      const [here, away] = [join(root, directory), join(root, `${directory}.away`)]
      await rename(here, away)
      return () => rename(away, here)
    },
  }
}

export interface Listed {
  sha256: string
  size: number
  name: string
}

/** Lines `<sha256>  <bytes>  <name>`; undefined when one of them is something else. */
export function readManifest(bytes: Buffer): Listed[] | undefined {
  const lines = bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  const listed = lines.map((line) => /^([0-9a-f]{64}) {2}(\d+) {2}([^/\\]+)$/.exec(line))
  if (listed.length === 0 || listed.some((one) => one === null)) return undefined
  return listed.map((one) => ({ sha256: one![1]!, size: Number(one![2]), name: one![3]! }))
}

export const sumOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

export const manifestOf = (name: string, bytes: Buffer): Buffer =>
  Buffer.from(`${sumOf(bytes)}  ${bytes.length}  ${name}\n`)
