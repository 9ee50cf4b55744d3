// One SSH connection to the department's SFTP server, shared by all attempts and made again when it is gone.
// The host key is proved before a password leaves; an unknown host is never trusted on first sight.

import { hash } from 'node:crypto'
import type { Client, ConnectConfig } from 'ssh2'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { lost } from './faults.ts'
import type { SftpSettings } from './settings.ts'
import { type Window, windowOf } from './sftp-ahead.ts'
import { openSftpChannel, type SftpChannel } from './sftp-channel.ts'

export interface Session {
  channel: SftpChannel
  /** For requests that carry much, there or back: one that carries little waits behind no more than it lets through. */
  window: Window
  /** Aborts when the connection ends. */
  ended: AbortSignal
  /** Cuts a connection that stays silent. */
  cut(): void
}

interface SessionKeeper {
  session(signal: AbortSignal): Promise<Session>
  close(): Promise<void>
}

const DEFAULT_CONNECT_MS = 15_000
const KEEPALIVE_MS = 15_000

export function keepSession(settings: SftpSettings): SessionKeeper {
  let current: Promise<Session> | undefined
  let client: Promise<Client> | undefined
  const connected = (): Promise<Session> => {
    if (current) return current
    client = newClient()
    const opening = client.then((made) => connect(made, settings))
    current = opening
    const forget = () => {
      if (current === opening) current = undefined
    }
    opening.then(({ ended }) => ended.addEventListener('abort', forget, { once: true }), forget)
    return opening
  }
  return {
    session: (signal) => unlessAborted(signal, CONNECTING, connected()),
    async close() {
      const made = await client
      made?.destroy()
      await current?.catch(() => undefined)
    },
  }
}

/** The library is loaded by the first system that needs it. */
const newClient = async (): Promise<Client> => new (await import('ssh2')).Client()

const CONNECTING = '连接 SFTP (connecting to SFTP)'

/** @throws AdapterFailure 'unavailable' at once when the signal aborts */
export async function unlessAborted<T>(signal: AbortSignal, doing: string, awaited: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = () => reject(lost(doing, signal.reason))
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([awaited, promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function connect(client: Client, settings: SftpSettings): Promise<Session> {
  const { promise, resolve, reject } = Promise.withResolvers<Session>()
  const ended = new AbortController()
  const seen = { fingerprint: '' }
  const fail = (error: Error) => {
    ended.abort(error)
    reject(connectFault(error, seen.fingerprint))
    client.destroy()
  }
  // At once, not when the socket tells: nobody may begin on a connection that was given up.
  const cut = () => fail(new Error('cut'))
  client.on('error', fail)
  client.on('close', () => fail(new Error('closed')))
  client.on('ready', () => {
    // Small requests wait for their answers: Nagle's pause would cost 40 ms each.
    client.setNoDelay(true)
    client.subsys('sftp', (error, stream) => {
      if (error) return fail(error)
      stream.on('error', fail)
      stream.on('close', () => fail(new Error('closed')))
      stream.stderr.resume()
      const silent = AbortSignal.timeout(settings.connectMs ?? DEFAULT_CONNECT_MS)
      const stopped = () => fail(new Error('silent'))
      silent.addEventListener('abort', stopped)
      openSftpChannel(stream, fail)
        .then((channel) => resolve({ channel, window: windowOf(), ended: ended.signal, cut }), fail)
        .finally(() => silent.removeEventListener('abort', stopped))
    })
  })
  try {
    client.connect(configOf(settings, (fingerprint) => (seen.fingerprint = fingerprint)))
  } catch {
    // ssh2 repeats the key in some of its messages.
    reject(
      new AdapterFailure('unauthorised', 'SFTP 私钥无法读取 (the private key for SFTP cannot be read)', {
        sent: false,
      }),
    )
  }
  return promise
}

function configOf(settings: SftpSettings, refused: (fingerprint: string) => void): ConnectConfig {
  const { host, port = 22, user, password, privateKey, passphrase, connectMs = DEFAULT_CONNECT_MS } = settings
  return {
    host,
    port,
    username: user,
    ...(password === undefined ? {} : { password }),
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(passphrase === undefined ? {} : { passphrase }),
    readyTimeout: connectMs,
    keepaliveInterval: KEEPALIVE_MS,
    keepaliveCountMax: 3,
    hostVerifier: (key: Buffer) => {
      const fingerprint = fingerprintOf(key)
      const known = [settings.hostKey].flat().includes(fingerprint)
      if (!known) refused(fingerprint)
      return known
    },
  }
}

/** As `ssh-keygen -l` prints it: SHA256: and Base64 without padding. */
function fingerprintOf(key: Buffer): string {
  return `SHA256:${hash('sha256', key, 'base64').replace(/=+$/, '')}`
}

function connectFault(error: Error, refused: string): AdapterFailure {
  if (refused) {
    const sentence = `SFTP 主机密钥不符，连接已拒绝 (the host key is not the configured one; it offered ${refused})`
    return new AdapterFailure('unauthorised', sentence, { sent: false, code: 'HOST_KEY' })
  }
  const { level = 'closed', code } = error as { level?: string; code?: unknown }
  if (level === 'client-authentication') {
    const sentence =
      'SFTP 登录被拒绝，请核对用户与密码或密钥 (the SFTP login was refused; check user, password or key)'
    return new AdapterFailure('unauthorised', sentence, { sent: false, code: 'LOGIN' })
  }
  const told = typeof code === 'string' ? code : level
  return new AdapterFailure('unavailable', `${CONNECTING}: 未连通 (not connected, ${told})`, {
    sent: false,
    code: told,
    cause: error,
  })
}
