// The processes of a demo: each in a process of its own, as in life, its output kept for when it goes wrong.

import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

interface Child {
  /** Ends it and waits; SIGKILL after ten seconds. */
  stop(): Promise<void>
  /** The last lines it wrote. */
  output(): string
  /** Rejects when it ends by itself. */
  ended: Promise<never>
}

const KEPT_CHARACTERS = 4_000
const STOP_WITHIN_MS = 10_000

/** Runs a source file of this project with the Node that runs us. */
export function startChild(file: URL, args: string[], env: Record<string, string>): Child {
  const child = spawn(process.execPath, [fileURLToPath(file), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  let stopping = false
  const keep = (chunk: Buffer): void => {
    said = (said + chunk.toString()).slice(-KEPT_CHARACTERS)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ended = new Promise<never>((_, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      if (!stopping) reject(new Error(`${args[0] ?? 'the city'} ended (${signal ?? code}):\n${said.trim()}`))
    })
  })
  ended.catch(() => undefined)
  return {
    ended,
    output: () => said,
    async stop() {
      stopping = true
      await end(child)
    },
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
  await gone
  clearTimeout(timer)
}

/** @throws a sentence when something listens there already */
export function portIsFree(port: number, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason =
        cause.code === 'EADDRINUSE' ? 'is in use (another demo?)' : `cannot be used (${cause.code})`
      reject(
        new Error(
          `port ${port}, wanted for ${what}, ${reason}. Choose others with --port and --city-port · 端口 ${port} 不可用，请用 --port 与 --city-port 另选`,
        ),
      )
    })
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()))
  })
}

/** Resolves when the address answers 200; rejects when the child ends first or it takes too long. */
export async function answers(url: string, child: Child, withinMs: number): Promise<void> {
  const until = Date.now() + withinMs
  const ready = async (): Promise<void> => {
    while (Date.now() < until) {
      const ok = await fetch(url).then(
        (response) => response.ok,
        () => false,
      )
      if (ok) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`${url} did not answer within ${withinMs / 1000} s:\n${child.output()}`)
  }
  await Promise.race([ready(), child.ended])
}
