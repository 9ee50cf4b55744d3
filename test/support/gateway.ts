// The gateway as users run it: `tongban start` as a process on engines of the test's choice.
// Must not know anything of its insides but the environment it is documented to read.

import { fileURLToPath } from 'node:url'
import project from '../../package.json' with { type: 'json' }
import { freePort } from './ports.ts'
import { answersOk, type RunningProcess, type StartOptions, startProcess } from './process.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
/** Those of `npm start`. */
const startFlags = project.scripts.start.split(' ').filter((word) => word.startsWith('--'))

interface GatewayOptions {
  databaseUrl: string
  /** Absent: queues on the database. */
  redisUrl?: string
  configDir: string
  dataDir: string
  /** Default: a free one. */
  port?: number
  /** Secrets that the configuration refers to, and the like. */
  env?: Record<string, string>
  readyWithinMs?: number
}

export interface RunningGateway extends RunningProcess {
  port: number
  url: string
}

/** Applies the migrations with `tongban migrate`, as an operator would before the first start. */
export async function migrateWithCommand(options: GatewayOptions): Promise<void> {
  const process = await runMain(['migrate'], environmentOf(options, 0))
  const { code } = await process.ended
  if (code !== 0) throw new Error(`tongban migrate failed with ${code}:\n${process.output()}`)
}

/** Resolves when /readyz is 200. The database must have been migrated. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const port = options.port ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  const probe = { ready: answersOk(`${url}/readyz`), readyWithinMs: options.readyWithinMs ?? 60_000 }
  const gateway = await runMain(['start'], environmentOf(options, port), probe)
  return { ...gateway, port, url }
}

function environmentOf(options: GatewayOptions, port: number): StartOptions['env'] & object {
  return {
    DATABASE_URL: options.databaseUrl,
    REDIS_URL: options.redisUrl,
    TONGBAN_CONFIG: options.configDir,
    TONGBAN_DATA: options.dataDir,
    TONGBAN_HOST: '127.0.0.1',
    TONGBAN_PORT: String(port),
    TONGBAN_PUBLIC_URL: `http://127.0.0.1:${port}`,
    ...options.env,
  }
}

function runMain(
  args: string[],
  env: StartOptions['env'] & object,
  probe: Pick<StartOptions, 'ready' | 'readyWithinMs'> = {},
): Promise<RunningProcess> {
  const flags = args[0] === 'start' ? startFlags : []
  return startProcess(process.execPath, [...flags, main, ...args], {
    name: `tongban ${args.join(' ')}`,
    env,
    ...probe,
  })
}
