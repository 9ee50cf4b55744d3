// Tutorials run as they stand: their shell commands are read out of a page and given to a shell.
// Must add nothing that the reader would have to know.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const WITHIN_MS = 100_000

/** The section of a page, from its heading to the next of the same rank. @param page such as `adapters/README.md` */
export function sectionOf(page: string, heading: string): string {
  const text = readFileSync(join(root, page), 'utf8')
  const from = text.indexOf(`\n## ${heading}`)
  if (from === -1) throw new Error(`${page} has no section "${heading}"`)
  const next = text.indexOf('\n## ', from + 1)
  return text.slice(from, next === -1 ? undefined : next)
}

/** One script of all its blocks of commands; what the reader leaves running in another terminal runs beside it. */
export const script = (section: string): string =>
  [...section.matchAll(/```sh\n([\s\S]*?)```/g)]
    .map((one) => one[1]!)
    .map((block) => (/^# in a \w+ terminal, left running\n/.test(block) ? `{\n${block}} &\n` : block))
    .join('\n')

export async function runTutorial(
  commands: string,
  env: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', commands], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: '', REDIS_URL: '', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  for (const stream of [shell.stdout, shell.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  const ended = new Promise<number | null>((resolve) => shell.once('exit', resolve))
  const tooLong = setTimeout(() => end(shell.pid!, 'SIGTERM'), WITHIN_MS)
  const code = await ended
  clearTimeout(tooLong)
  await endAll(shell.pid!)
  return { code, output }
}

/** The gateway and the simulator are of the shell's process group. */
async function endAll(group: number): Promise<void> {
  for (let waited = 0; end(group, 'SIGTERM') && waited < 12_000; waited += 200) await sleep(200)
  end(group, 'SIGKILL')
}

/** False when nobody is left. */
function end(group: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-group, signal)
  } catch {
    return false
  }
}
