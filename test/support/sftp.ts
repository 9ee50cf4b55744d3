// SFTP servers for tests: Debian's OpenSSH on a loopback port, with a host key and a login key of its own,
// and a pretended one that misbehaves on demand. Must not touch the machine's own sshd or its configuration.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import ssh2, { type Attributes, type Connection, type SFTPWrapper } from 'ssh2'
import { removeFolder, temporaryFolder } from './folders.ts'
import { freePort } from './ports.ts'

const { Server, utils } = ssh2

export interface SftpServer {
  port: number
  user: string
  /** In OpenSSH's form. */
  privateKey: string
  /** SHA256:… */
  hostKey: string
  /** Root of what the tests exchange. */
  folder: string
  stop(): Promise<void>
}

const places = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd']
const servers = ['/usr/lib/openssh/sftp-server', '/usr/libexec/sftp-server', '/usr/lib/ssh/sftp-server']

/** The reason to skip, or undefined when this machine has all that is needed. */
export function withoutSshd(): string | undefined {
  if (!sshd()) return 'OpenSSH sshd is not installed'
  return servers.some(existsSync) ? undefined : 'sftp-server is not installed'
}

const sshd = (): string | undefined => places.find((one) => existsSync(one))

export async function startSftp(): Promise<SftpServer> {
  const home = temporaryFolder('sftp')
  const folder = join(home, 'drop')
  mkdirSync(folder)
  for (const name of ['host', 'login'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', join(home, name)])
  writeFileSync(join(home, 'allowed'), readFileSync(join(home, 'login.pub')), { mode: 0o600 })
  const port = await freePort()
  writeFileSync(join(home, 'config'), configuration(home, port))
  // Its privilege separation asks for this empty folder when it runs as root.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  const child = spawn(sshd()!, ['-D', '-e', '-f', join(home, 'config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text))
  await untilUp(port, child, said)
  const printed = execFileSync('ssh-keygen', ['-lf', join(home, 'host.pub')], { encoding: 'utf8' })
  return {
    port,
    user: userInfo().username,
    privateKey: readFileSync(join(home, 'login'), 'utf8'),
    hostKey: printed.split(' ')[1]!,
    folder,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      if (child.exitCode === null && child.kill()) await ended
      removeFolder(home)
    },
  }
}

function configuration(home: string, port: number): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(home, 'host')}`,
    `AuthorizedKeysFile ${join(home, 'allowed')}`,
    `PidFile ${join(home, 'pid')}`,
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    'StrictModes no',
    `Subsystem sftp ${servers.find(existsSync)}`,
    '',
  ].join('\n')
}

const TRIES = 100

async function untilUp(port: number, child: ChildProcess, said: readonly string[]): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (child.exitCode !== null) break
    if (await answers(port)) return
    await sleep(50)
  }
  child.kill()
  throw new Error(`sshd did not start: ${said.join('')}`)
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('data', () => resolve(socket.destroy().destroyed))
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}

/** What servers may do and most do not. */
export interface Manner {
  /** Tells sizes and times of files, and never their permissions, which tell their kind. */
  silentOfKinds?: boolean
  /** Far away: each answer to READ and WRITE takes so long, however many there are. */
  farMs?: number
  /** Answers no READ and no WRITE before. */
  until?: Promise<void>
  /** Gives no more than so many bytes at once, whatever was asked for. */
  mostBytes?: number
}

/** Answers `true` when it has dealt with the request in its own, faulty way. */
export type Mischief = (request: string, answer: { status(code: number): void; hangUp(): void }) => boolean

/**
 * An SFTP server in memory that can be told to misbehave; knows no extensions. Login: user `city`, password
 * `s3cret-of-tests`. `mischief` is asked before each of OPEN, WRITE, CLOSE, LSTAT, RENAME, REMOVE and
 * OPENDIR.
 */
export async function pretendSftp(mischief: Mischief = () => false, manner: Manner = {}) {
  const key = readableKey()
  const files = new Map<string, Buffer>()
  const open = new Set<Connection>()
  const line = { waiting: 0, most: 0 }
  const server = new Server({ hostKeys: [key.private] }, (connection) => {
    open.add(connection)
    // The types lack it; without it each small answer costs 40 ms.
    ;(connection as unknown as { setNoDelay(on: boolean): void }).setNoDelay(true)
    connection.on('error', () => undefined)
    connection.on('close', () => open.delete(connection))
    connection.on('authentication', (login) => {
      const good =
        login.method === 'password' && login.username === 'city' && login.password === 's3cret-of-tests'
      if (good) login.accept()
      else login.reject(['password'])
    })
    connection.on('session', (accept) =>
      accept().on('sftp', (acceptSftp) =>
        serve(acceptSftp(), files, mischief, { ...manner, line }, connection),
      ),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const publicKey = utils.parseKey(key.public)
  if (publicKey instanceof Error) throw publicKey
  const sum = createHash('sha256').update(publicKey.getPublicSSH()).digest('base64').replace(/=+$/, '')
  return {
    port: (server.address() as { port: number }).port,
    hostKey: `SHA256:${sum}`,
    files,
    /** The most requests to read or write that waited at once. */
    mostWaiting: () => line.most,
    async stop() {
      for (const connection of open) connection.end()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** The library writes one key in some hundreds so that it cannot read it itself. */
function readableKey() {
  for (;;) {
    const key = utils.generateKeyPairSync('ed25519')
    if (!(utils.parseKey(key.private) instanceof Error)) return key
  }
}

const { STATUS_CODE } = utils.sftp

function serve(
  sftp: SFTPWrapper,
  files: Map<string, Buffer>,
  mischief: Mischief,
  { farMs, until, line, ...manner }: Manner & { line: { waiting: number; most: number } },
  connection: Connection,
): void {
  const later = (answer: () => void): void => {
    if (farMs === undefined && until === undefined) {
      answer()
      return
    }
    line.most = Math.max(line.most, ++line.waiting)
    const arrived = () => {
      line.waiting--
      answer()
    }
    if (until) void until.then(arrived)
    else setTimeout(arrived, farMs)
  }
  const handles = new Map<string, string>()
  const handleFor = (path: string): Buffer => {
    const handle = String(handles.size + 1)
    handles.set(handle, path)
    return Buffer.from(handle)
  }
  const pathOf = (handle: Buffer) => handles.get(handle.toString()) ?? ''
  const spoiled = (id: number, request: string) =>
    mischief(request, {
      status: (code) => sftp.status(id, code),
      hangUp: () => connection.end(),
    })
  const kind = manner.silentOfKinds ? {} : { mode: 0o100644 }
  const attributes = (size: number) => ({ ...kind, uid: 0, gid: 0, size, atime: 0, mtime: 0 }) as Attributes
  sftp.on('OPEN', (id, path, flags) => {
    if (spoiled(id, `OPEN ${path}`)) return
    if (flags & utils.sftp.OPEN_MODE.WRITE) files.set(path, Buffer.alloc(0))
    sftp.handle(id, handleFor(path))
  })
  sftp.on('WRITE', (id, handle, offset, data) => {
    const path = pathOf(handle)
    if (spoiled(id, `WRITE ${path}`)) return
    files.set(path, Buffer.concat([files.get(path)?.subarray(0, offset) ?? Buffer.alloc(0), data]))
    later(() => sftp.status(id, STATUS_CODE.OK))
  })
  sftp.on('READ', (id, handle, offset, length) => {
    const end = offset + Math.min(length, manner.mostBytes ?? length)
    const piece = files.get(pathOf(handle))?.subarray(offset, end)
    later(() => (piece?.length ? sftp.data(id, piece) : sftp.status(id, STATUS_CODE.EOF)))
  })
  sftp.on('CLOSE', (id, handle) => {
    if (!spoiled(id, `CLOSE ${pathOf(handle)}`)) sftp.status(id, STATUS_CODE.OK)
  })
  sftp.on('LSTAT', (id, path) => {
    if (spoiled(id, `LSTAT ${path}`)) return
    const bytes = files.get(path)
    if (bytes) sftp.attrs(id, attributes(bytes.length))
    else sftp.status(id, STATUS_CODE.NO_SUCH_FILE)
  })
  sftp.on('RENAME', (id, from, to) => {
    if (spoiled(id, `RENAME ${to}`)) return
    const bytes = files.get(from)
    if (!bytes || files.has(to))
      return sftp.status(id, bytes ? STATUS_CODE.FAILURE : STATUS_CODE.NO_SUCH_FILE)
    files.delete(from)
    files.set(to, bytes)
    sftp.status(id, STATUS_CODE.OK)
  })
  sftp.on('REMOVE', (id, path) => {
    if (spoiled(id, `REMOVE ${path}`)) return
    sftp.status(id, files.delete(path) ? STATUS_CODE.OK : STATUS_CODE.NO_SUCH_FILE)
  })
  sftp.on('OPENDIR', (id, path) => {
    if (!spoiled(id, `OPENDIR ${path}`)) sftp.handle(id, handleFor(`${path}/`))
  })
  sftp.on('READDIR', (id, handle) => {
    const folder = pathOf(handle)
    handles.set(handle.toString(), '')
    const found = folder ? [...files].filter(([path]) => path.startsWith(folder)) : []
    const entries = found.map(([path, bytes]) => {
      const filename = path.slice(folder.length)
      return { filename, longname: filename, attrs: attributes(bytes.length) }
    })
    if (entries.length > 0) sftp.name(id, entries)
    else sftp.status(id, STATUS_CODE.EOF)
  })
}
