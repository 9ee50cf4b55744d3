// A department's folder, on a disk or behind SFTP, and an adapter that works on it.

import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import manifest from '../../adapters/department-file-drop/manifest.ts'
import type { FileDropSettings } from '../../adapters/department-file-drop/settings.ts'
import { setStage } from '../../src/adapter-kit/conformance/stage.ts'
import type { Adapter, Attempt, PolledItem, SettledItem } from '../../src/adapter-kit/contract.ts'
import type { FailureKind } from '../../src/adapter-kit/failures.ts'
import { GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import { removeFolder, temporaryFolder } from '../support/folders.ts'
import { type SftpServer, startSftp, withoutSshd } from '../support/sftp.ts'

export const directories = ['out', 'in', 'ack', 'reject', 'done'] as const
export const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')
export const caseId = givens['case-online'].caseId
export const submitted = `410221_SB_20261123_${caseId}`

/** How an AdapterFailure looks. */
export const failed = (kind: FailureKind, more: { sent?: boolean; code?: string } = {}) => ({
  name: 'AdapterFailure',
  kind,
  ...more,
})

interface Scene {
  adapter: Adapter
  attempt(options?: { number?: number; signal?: AbortSignal }): Attempt
  folder: string
  files(directory: (typeof directories)[number]): string[]
  text(path: string): string
  /** A file of the department with its manifest, as it should be. */
  report(name: string, content: string | Buffer, manifestText?: string): void
  read(): Promise<readonly PolledItem[]>
  settle(outcomes: SettledItem[]): Promise<void>
}

type Extra = Partial<FileDropSettings>

export function scene(t: Test, folder: string, settings: FileDropSettings): Scene {
  for (const name of directories) mkdirSync(join(folder, name), { recursive: true })
  const stage = setStage(manifest, settings, 'http://127.0.0.1:9')
  t.teardown(async () => {
    await stage.adapter.close?.()
    await stage.close()
  })
  const attempt = stage.attempt
  return {
    adapter: stage.adapter,
    attempt,
    folder,
    files: (directory) => readdirSync(join(folder, directory)).sort(),
    text: (path) => readFileSync(join(folder, path), 'utf8'),
    report(name, content, manifestText) {
      const bytes = Buffer.from(content)
      put(folder, `in/${name}`, bytes)
      put(folder, `in/${name}.mf`, manifestText ?? `${sha256(bytes)}  ${bytes.length}  ${name}\n`)
    },
    read: async () => (await stage.adapter.polling!.read(undefined, attempt())).items,
    settle: async (outcomes) => stage.adapter.polling!.settle!(outcomes, attempt()),
  }
}

/** With the time of the samples, so that nothing is overdue. */
export function put(folder: string, path: string, bytes: Buffer | string, secondsAgo = 10): void {
  writeFileSync(join(folder, path), bytes)
  const at = GIVEN_NOW.getTime() / 1000 - secondsAgo
  utimesSync(join(folder, path), at, at)
}

export const record = (change: Record<string, unknown> = {}) => ({
  eventId: 'E-1',
  outerNo: caseId,
  projectNo: 'SJ2026112300017',
  status: '30',
  time: '2026-11-23 09:40:00',
  ...change,
})
export const json = (change: Record<string, unknown> = {}) => JSON.stringify(record(change))

export type Stage = (t: Test, extra?: Extra) => Scene

export const overFolder: Stage = (t, extra = {}) => {
  const folder = temporaryFolder('drop')
  t.teardown(() => removeFolder(folder))
  return scene(t, folder, { transport: { folder: { path: folder } }, region: '410221', ...extra })
}

const missing = withoutSshd()

/**
 * The same rules over a folder and over Debian's own SFTP server, which ends with the file; skipped by name
 * where there is none.
 */
export async function overBoth(rules: (t: Test, stage: Stage) => Promise<void>): Promise<void> {
  const server: SftpServer | undefined = missing ? undefined : await startSftp()
  t.teardown(() => server?.stop())
  let rooms = 0
  const overSftp: Stage = (t, extra = {}) => {
    const { port, user, privateKey, hostKey, folder } = server!
    const room = join(folder, String(++rooms))
    mkdirSync(room)
    const sftp = { host: '127.0.0.1', port, user, privateKey, hostKey, path: room }
    return scene(t, room, { transport: { sftp }, region: '410221', ...extra })
  }
  t.test('through a folder', async (t) => rules(t, overFolder))
  t.test('over SFTP', { skip: missing ?? false }, async (t) => rules(t, overSftp))
}
