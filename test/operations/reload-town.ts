// Gateways on one configuration folder of the test's own, whose files it writes as an operator would. Several
// processes' worth of gateway may share the database, each with its own folder or the same.

import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AdapterManifest } from '../../src/adapter-kit/contract.ts'
import { readManifest } from '../../src/adapter-kit/load.ts'
import { migrateAll } from '../../src/commands/database.ts'
import { type Gateway, startGateway } from '../../src/gateway.ts'
import { roles as allRoles, type Role } from '../../src/roles.ts'
import { type City, startCity } from '../../src/sandbox/city.ts'
import { sandboxSecrets, secretsAsEnvironment } from '../../src/sandbox/secrets.ts'
import { hashPassword } from '../../src/security/passwords.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { createDatabase, type Teardown } from '../support/database.ts'
import { removeFolder, temporaryFolder } from '../support/folders.ts'
import { freePort } from '../support/ports.ts'

const configuration = fileURLToPath(new URL('../../config', import.meta.url))
const adapters = new URL('../../adapters/', import.meta.url)
const password = '开封-correct-horse'
const passwordHash = await hashPassword(password)

export interface Folder {
  path: string
  read(file: string): string
  write(file: string, text: string): void
  edit(file: string, change: (text: string) => string): void
  remove(file: string): void
}

export interface ReloadTown {
  gateway: Gateway
  url: string
  databaseUrl: string
  folder: Folder
  city: City
  /** An operator's session, as a Cookie header. */
  cookie(): Promise<string>
  /** Another process's gateway on the same database. */
  another(options?: { folder?: Folder; roles?: readonly Role[] }): Promise<{ gateway: Gateway; url: string }>
}

/** A copy of config/ that goes with the test. */
export function configFolder(t: Teardown): Folder {
  const root = temporaryFolder('reload')
  t.teardown(() => removeFolder(root))
  const path = join(root, 'config')
  cpSync(configuration, path, { recursive: true })
  const at = (file: string) => join(path, file)
  const read = (file: string) => readFileSync(at(file), 'utf8')
  const write = (file: string, text: string) => writeFileSync(at(file), text)
  return {
    path,
    read,
    write,
    edit(file, change) {
      const before = read(file)
      const after = change(before)
      if (after === before) throw new Error(`the edit of ${file} changes nothing`)
      write(file, after)
    },
    remove: (file) => rmSync(at(file)),
  }
}

export async function startReloadTown(
  t: Teardown,
  options: { roles?: readonly Role[] } = {},
): Promise<ReloadTown> {
  const ending = new AsyncDisposableStack()
  t.teardown(() => ending.disposeAsync())
  const folder = configFolder(t)
  const { url: databaseUrl } = ending.adopt(await createDatabase(undefined, migrateAll), (one) => one.drop())
  const port = await freePort()
  const gatewayUrl = `http://127.0.0.1:${port}`
  const shares = { rejected: 0, corrected: 0, special: 0, denied: 0, issued: 1 }
  const city = ending.adopt(
    await startCity({ speed: 40, gatewayUrl, secrets: sandboxSecrets, shares }),
    (one) => one.stop(),
  )
  const start = async (own: Folder, ownPort: number, roles: readonly Role[]): Promise<Gateway> => {
    const known = await adaptersOf(own)
    const read = async () => {
      const env = environment(ownPort, city.url)
      const settings = await loadSettings({
        env,
        adapters: known,
        configDir: own.path,
        dataDir: join(own.path, '../data'),
      })
      return { settings, adapters: known }
    }
    const started = await startGateway({
      ...(await read()),
      databaseUrl,
      roles,
      read,
      onStuck(reason) {
        throw new Error(reason)
      },
    })
    ending.defer(() => started.close())
    // First of all: a department of the city may just be waiting at the gateway.
    ending.defer(() => city.stop())
    return started
  }
  const gateway = await start(folder, port, options.roles ?? allRoles)
  return {
    gateway,
    url: gatewayUrl,
    databaseUrl,
    folder,
    city,
    cookie: () => logIn(gatewayUrl),
    async another(more = {}) {
      const ownPort = await freePort()
      const other = await start(more.folder ?? folder, ownPort, more.roles ?? allRoles)
      return { gateway: other, url: `http://127.0.0.1:${ownPort}` }
    },
  }
}

/** The adapters that the folder's systems name. */
async function adaptersOf({ path }: Folder): Promise<Map<string, AdapterManifest>> {
  const texts = readdirSync(join(path, 'systems')).map((file) =>
    readFileSync(join(path, 'systems', file), 'utf8'),
  )
  const names = new Set(texts.flatMap((text) => /^adapter: (\S+)/m.exec(text)?.[1] ?? []))
  const read = async (name: string) => [name, await readManifest(new URL(`${name}/`, adapters))] as const
  return new Map(await Promise.all([...names].map(read)))
}

function environment(port: number, cityUrl: string): Record<string, string> {
  return {
    ...secretsAsEnvironment(),
    CITY_URL: cityUrl,
    TONGBAN_HOST: '127.0.0.1',
    TONGBAN_PORT: String(port),
    TONGBAN_PUBLIC_URL: `http://127.0.0.1:${port}`,
    TONGBAN_OPERATOR_PASSWORD_HASH: passwordHash,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
  }
}

/** An operator's session there, as a Cookie header. */
export async function logIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/ops/login`, {
    method: 'POST',
    headers: { origin: url },
    body: new URLSearchParams({ account: 'admin', password }),
    redirect: 'manual',
  })
  return answer.headers.get('set-cookie')!.split(';')[0]!
}
