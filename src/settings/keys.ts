// The gateway's own keys: from the environment, or made on first start and kept in dataDir/keys, readable by
// nobody else. Losing them ends sessions and links; materials accepted before are then no longer offered again.

import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Environment, variable } from './environment.ts'
import { environmentProblem, type Report } from './problems.ts'
import type { Settings } from './settings.ts'

const KEY_BYTES = 32
const OWNER_ONLY = 0o600

const keyVariables = {
  links: 'TONGBAN_LINK_KEY',
  sessions: 'TONGBAN_SESSION_KEY',
  holders: 'TONGBAN_HOLDER_KEY',
} as const

/** Reports keys of the environment that are too short to be secret. */
export function checkKeys(env: Environment, report: Report): void {
  for (const name of Object.values(keyVariables)) {
    const value = variable(env, name)
    if (value === undefined || Buffer.byteLength(value) >= KEY_BYTES) continue
    report(environmentProblem(name, `must have at least ${KEY_BYTES} bytes`, `至少 ${KEY_BYTES} 个字节`))
  }
}

/** Reads the keys, making those that are not there. Processes that start at once agree on the same. */
export async function loadKeys(env: Environment, dataDir: string): Promise<Settings['keys']> {
  const [links, sessions, holders] = await Promise.all([
    loadKey(variable(env, keyVariables.links), dataDir, 'links'),
    loadKey(variable(env, keyVariables.sessions), dataDir, 'sessions'),
    loadKey(variable(env, keyVariables.holders), dataDir, 'holders'),
  ])
  return { links, sessions, holders }
}

async function loadKey(given: string | undefined, dataDir: string, name: string): Promise<Buffer> {
  if (given !== undefined) return Buffer.from(given)
  const folder = join(dataDir, 'keys')
  const path = join(folder, `${name}.key`)
  return (await readKey(path)) ?? (await makeKey(folder, path))
}

async function readKey(path: string): Promise<Buffer | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const key = Buffer.from(text.trim(), 'base64url')
  if (key.length < KEY_BYTES) throw new Error(`${path} is damaged: remove it and a new key is made`)
  return key
}

/** Written whole under another name, then linked: whoever comes first wins, and nobody reads half a key. */
async function makeKey(folder: string, path: string): Promise<Buffer> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const temporary = `${path}.${randomBytes(6).toString('hex')}`
  await writeFile(temporary, `${randomBytes(KEY_BYTES).toString('base64url')}\n`, { mode: OWNER_ONLY })
  await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(temporary)
  return (await readKey(path))!
}
