// The tutorial of adapters/README.md, run as it stands: its commands are read out of the text and given to a shell.
// Must add nothing that the reader would have to know.

import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { temporaryFolder } from '../support/folders.ts'
import { freePort } from '../support/ports.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const WITHIN_MS = 100_000

t.setTimeout(120_000)

/** The blocks of shell commands of the tutorial, in order. */
function blocks(): string[] {
  const text = readFileSync(join(root, 'adapters/README.md'), 'utf8')
  const tutorial = text.slice(text.indexOf('\n## Connect a department in an afternoon'))
  return [...tutorial.matchAll(/```sh\n([\s\S]*?)```/g)].map((one) => one[1]!)
}

/** One script; what the reader leaves running in another terminal runs beside it. */
const script = (): string =>
  blocks()
    .map((block) => (/^# in a \w+ terminal, left running\n/.test(block) ? `{\n${block}} &\n` : block))
    .join('\n')

async function run(
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

const skip = spawnSync('curl', ['--version']).error ? 'no curl on PATH' : false

t.test(
  'whoever follows the tutorial has a case delivered to the department by the evening',
  { skip },
  async (t) => {
    const [gateway, simulator] = [await freePort(), await freePort()]
    const { code, output } = await run(script(), {
      HOME: temporaryFolder('afternoon'),
      TONGBAN_PORT: String(gateway),
      SIMULATOR_PORT: String(simulator),
    })

    t.equal(code, 0, code === 0 ? 'every command ends well' : output)
    t.match(output, /^6\d rules held, 0 broken/m, 'the new adapter passes the kit')
    t.match(output, /POST http:\/\/127\.0\.0\.1:\d+\/cases\n/, 'the request is shown before anything is sent')
    t.match(output, /x-signature: \*\*\* \(64 characters\)/)
    t.notMatch(output.replace(/^.*simulator: .*$/m, ''), /trial-secret/, 'no secret is shown')
    t.match(output, /✔ 凭证 credentials/, 'the check reaches the department')
    t.match(output, /"case_[0-9a-z]+":\{"reference":"S00000001"/, 'the department has the case')
    t.match(output, /"trees":2/, 'with what the citizen wrote')
    t.match(output, /"state":"reviewing"/, 'its report reached the case')
    t.match(output, /- {3}x-app-key: tongban\n.*\+ {3}x-app-key: tongban-2027/, 'the change is seen')
    t.match(output, /compared 1, same 0, different 1, failed 0/)
  },
)
