// The `tongban` command as a shell runs it, on the repository's own configuration and folders of the test's.

import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { secretsAsEnvironment } from '../../src/sandbox/secrets.ts'
import type { Teardown } from '../support/database.ts'
import { removeFolder, temporaryFolder } from '../support/folders.ts'
import { freePort } from '../support/ports.ts'
import { answersOk, type RunningProcess, startProcess } from '../support/process.ts'

export const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const configuration = fileURLToPath(new URL('../../config', import.meta.url))

export interface Place {
  dataDir: string
  configDir: string
  port: number
  env: Record<string, string | undefined>
  url: string
  /** Changes one file of the configuration. */
  edit(file: string, change: (text: string) => string): void
}

/** Folders and a port of its own; the folders go with the test. */
export async function place(t: Teardown, env: Record<string, string> = {}): Promise<Place> {
  const folder = temporaryFolder('command')
  t.teardown(() => removeFolder(folder))
  const port = await freePort()
  const [dataDir, configDir] = [join(folder, 'data'), join(folder, 'config')]
  cpSync(configuration, configDir, { recursive: true })
  return {
    dataDir,
    configDir,
    port,
    url: `http://127.0.0.1:${port}`,
    env: {
      DATABASE_URL: undefined,
      REDIS_URL: undefined,
      LOG_LEVEL: 'warn',
      TONGBAN_CONFIG: configDir,
      TONGBAN_DATA: dataDir,
      TONGBAN_HOST: '127.0.0.1',
      TONGBAN_PORT: String(port),
      ...secretsAsEnvironment(),
      ...env,
    },
    edit(file, change) {
      const path = join(configDir, file)
      writeFileSync(path, change(readFileSync(path, 'utf8')))
    },
  }
}

export interface Said {
  code: number | null
  /** Standard output and standard error. */
  output: string
}

export interface HowToRun {
  env?: Place['env']
  input?: string
  withinMs?: number
  /** Done while it runs; told what it has said so far. */
  meanwhile?(said: () => string): Promise<void>
}

/** Runs it to its end; killed, with code null, after `withinMs`. */
export async function tongban(
  args: string[],
  { env, input, withinMs = 30_000, meanwhile }: HowToRun = {},
): Promise<Said> {
  const [command, all] =
    input === undefined
      ? [process.execPath, [main, ...args]]
      : ['/bin/sh', ['-c', 'printf "%s\\n" "$GIVEN" | "$0" "$@"', process.execPath, main, ...args]]
  const child = await startProcess(command, all, { name: 'tongban', env: { ...env, GIVEN: input } })
  const tooLong = setTimeout(() => void child.kill9(), withinMs)
  await meanwhile?.(() => child.output())
  const { code } = await child.ended
  clearTimeout(tooLong)
  return { code, output: child.output() }
}

/** `tongban start`, once /readyz answers. */
export function startTongban(t: Teardown, { env, url }: Place): Promise<RunningProcess> {
  const started = startProcess(process.execPath, [main, 'start'], {
    name: 'tongban start',
    env,
    ready: answersOk(`${url}/readyz`),
  })
  t.teardown(async () => (await started.catch(() => undefined))?.kill9())
  return started
}
