// The command itself: help, what it does not know, keys, and one clear sentence for every mistake.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { standardWebhooks } from '../../src/adapter-kit/signing.ts'
import { verifyPassword } from '../../src/security/passwords.ts'
import { main, place, tongban } from './tongban.ts'

const commands = [
  'start',
  'migrate',
  'doctor',
  'demo',
  'keys',
  'adapter',
  'system',
  'reload',
  'reconcile',
  'authorisations',
  'calendar',
]

t.test('help names every command in both languages', async (t) => {
  const { code, output } = await tongban(['--help'])
  t.equal(code, 0)
  for (const command of commands) t.match(output, new RegExp(`^  ${command} .*[\\u4e00-\\u9fff]`, 'm'))
})

t.test('every command explains itself', async (t) => {
  for (const command of commands) {
    const { code, output } = await tongban([command, '--help'])
    t.equal(code, 0, command)
    t.match(output, new RegExp(`^(tongban|npm run) ${command}`))
  }
})

t.test('what is not a command is said, with those that are', async (t) => {
  const unknown = await tongban(['strat'])
  t.equal(unknown.code, 2)
  t.match(unknown.output, /there is no command "strat"/)
  t.match(unknown.output, /^ {2}start /m)
  t.match((await tongban(['constructor'])).output, /there is no command "constructor"/)
  t.match((await tongban(['catalogue', 'constructor'])).output, /there is no "constructor"/)
  t.equal((await tongban([])).code, 2)
})

t.test('an unknown option or role is one sentence, without a stack', async (t) => {
  const { env } = await place(t)
  for (const args of [
    ['start', '--prot', '80'],
    ['start', '--roles', 'api,wroker'],
    ['keys', 'clients'],
  ]) {
    const { code, output } = await tongban(args, { env })
    t.not(code, 0, args.join(' '))
    t.notMatch(output, /\n\s+at /)
  }
  t.match(
    (await tongban(['start', '--roles', 'wroker'], { env })).output,
    /no role "wroker".*api, worker, clock/,
  )
})

t.test("a client's token is printed with the only thing that the configuration needs of it", async (t) => {
  const { code, output } = await tongban(['keys', 'client'])
  t.equal(code, 0)
  const token = /token: +(tb_\S+)/.exec(output)![1]!
  t.match(output, `sha256: ${createHash('sha256').update(token).digest('hex')}`)
})

t.test('a password becomes a hash that verifies it; a short one is refused', async (t) => {
  const { code, output } = await tongban(['keys', 'password'], { input: '开封 correct horse' })
  t.equal(code, 0)
  const hash = /scrypt:\S+/.exec(output)![0]
  t.equal(await verifyPassword('开封 correct horse', hash), true)
  t.equal(await verifyPassword('another', hash), false)
  t.match(await tongban(['keys', 'password'], { input: 'short' }), {
    code: 1,
    output: /at least 8 characters/,
  })
})

t.test('a webhook secret has the form of Standard Webhooks', async (t) => {
  const { output } = await tongban(['keys', 'webhook'])
  t.match(output, /^whsec_[A-Za-z0-9+/]{43}=$/m)
})

t.test('a pair of webhook keys signs and verifies', async (t) => {
  const { output } = await tongban(['keys', 'webhook-pair'])
  const [, privateKey = '', publicKey = ''] = /^private: (whsk_\S+)\npublic: +(whpk_\S+)$/m.exec(output) ?? []
  const sentAt = new Date()
  const headers = standardWebhooks([privateKey]).sign('evt_1', sentAt, '{}')
  const message = { headers, body: Buffer.from('{}'), receivedAt: sentAt }
  t.equal(standardWebhooks([publicKey]).verify(message), 'evt_1')
})

t.test('a broken configuration says file, line and what is wrong, and nothing is started', async (t) => {
  const { env, edit } = await place(t)
  edit('gateway.yaml', (text) => text.replace('port: 7700', 'prot: 7700'))
  const { code, output } = await tongban(['start'], { env })
  t.equal(code, 1)
  t.match(output, /gateway\.yaml:\d+/)
  t.match(output, /prot/)
  t.notMatch(output, /\n\s+at /)
})

t.test(
  'a start that fails half-way ends by itself, says why in one sentence and leaves no database behind',
  async (t) => {
    const where = await place(t)
    const { dataDir, configDir, env } = where
    const start = (more: Record<string, string>) =>
      tongban(['start'], { env: { ...env, LOG_LEVEL: 'error', ...more }, withinMs: 25_000 })
    // No right to write there, whoever runs the test.
    const noFolder = await start({ MATERIALS_URL: pathToFileURL(join(configDir, 'gateway.yaml/files')).href })
    t.match(noFolder, { code: 1, output: /^tongban: MATERIALS_URL: .*gateway\.yaml\/files.*\n$/ })

    const squatter = createServer().listen(where.port, '127.0.0.1')
    t.teardown(() => squatter.close())
    t.match(await start({}), { code: 1, output: /^tongban: Port \d+ on .* is in use\..*\n$/ })
    t.notOk(existsSync(join(dataDir, 'postgres/cluster/postmaster.pid')))
  },
)

t.test('a reader that has seen enough ends no command with an error', async (t) => {
  const { env } = await place(t)
  for (const args of [['--help'], ['calendar', 'show', '2026'], ['keys', 'client']]) {
    const child = spawn(process.execPath, [main, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.destroy()
    const said = text(child.stderr)
    const [code] = await once(child, 'close')
    t.strictSame([code, await said], [0, ''], args.join(' '))
  }
})

t.test('a missing secret is named, never guessed', async (t) => {
  const { env } = await place(t)
  const { code, output } = await tongban(['doctor'], { env: { ...env, CITY_SECRET: undefined } })
  t.equal(code, 1)
  t.match(output, /CITY_SECRET/)
})

t.test('a database that does not answer is one sentence', async (t) => {
  const { env, port } = await place(t)
  const { code, output } = await tongban(['migrate'], {
    env: { ...env, DATABASE_URL: `postgres://u:p@127.0.0.1:${port}/x` },
  })
  t.equal(code, 1)
  t.match(output, /the database or Redis does not answer/)
  t.notMatch(output, /\n\s+at /)
})

t.test(
  'a database that is there and says nothing is one sentence too, and soon',
  { timeout: 60_000 },
  async (t) => {
    const silent = createServer((socket) => socket.on('error', () => undefined).resume())
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    silent.unref()
    t.teardown(() => silent.close())
    const { port } = silent.address() as { port: number }
    const { env } = await place(t)
    for (const command of ['migrate', 'start']) {
      const { code, output } = await tongban([command], {
        env: { ...env, DATABASE_URL: `postgres://u:p@127.0.0.1:${port}/x` },
        withinMs: 25_000,
      })
      t.equal(code, 1, command)
      t.match(output, /the database or Redis does not answer: .*数据库或 Redis 无应答/)
    }
  },
)
