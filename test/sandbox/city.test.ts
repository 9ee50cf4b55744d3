import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { parseArguments } from '../../src/sandbox/arguments.ts'
import { startCity } from '../../src/sandbox/city.ts'
import { sandboxSecrets, secretsAsEnvironment, secretsFrom } from '../../src/sandbox/secrets.ts'
import { fakeGateway } from './fake-gateway.ts'

t.test('every institution is mounted under its name and has books', async (t) => {
  const gateway = await fakeGateway(t)
  const city = await startCity({ gatewayUrl: gateway.url, secrets: sandboxSecrets })
  t.teardown(() => city.stop())
  const books = (await (await fetch(`${city.url}/books`)).json()) as Record<string, unknown>
  t.strictSame(Object.keys(books).sort(), [
    'certificate-registry',
    'civil-affairs',
    'county-platform',
    'ems',
    'ems-weishi',
    'gas-company',
    'health',
    'human-resources',
    'kaifeng-platform',
    'kuaidi100',
    'market-regulation',
    'natural-resources',
    'public-security',
    'rating',
    'veterans',
  ])
  t.equal((await fetch(`${city.url}/human-resources/api/v1/project/query?outerNo=x`)).status, 401)
  t.match(await (await fetch(`${city.url}/`)).text(), /模拟城市/)
})

t.test('faults are read and changed while the city runs, and wrong ones are refused', async (t) => {
  const gateway = await fakeGateway(t)
  const city = await startCity({ gatewayUrl: gateway.url, secrets: sandboxSecrets })
  t.teardown(() => city.stop())
  const post = async (path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(city.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  t.match(await post('/faults', { profile: 'harsh' }), {
    status: 200,
    body: { faults: { '*': { unavailable: 0.15 } } },
  })
  t.match(await post('/faults', { actor: 'health', faults: { lost: 0.5 } }), {
    body: { faults: { health: { lost: 0.5 } } },
  })
  t.match(await post('/faults', { profile: 'awful' }), { status: 422 })
  t.match(await post('/faults', { faults: { lots: 1 } }), { status: 422, body: { error: /Unknown fault/ } })
  t.match(await post('/run', { count: 0 }), { status: 422 })
  t.match(await post('/faults', { profile: 'none' }), { status: 200 })
  t.match(await post('/run', { count: 3 }), { status: 202, body: { asked: 3, state: 'running' } })
})

t.test('the command says what is wrong with its arguments, in both languages', async (t) => {
  t.match(parseArguments(['--speed', '0']), { problem: /--speed/ })
  t.match(parseArguments(['--port', 'x']), { problem: /端口/ })
  t.match(parseArguments(['--faults', 'some']), { problem: /none, default, harsh/ })
  t.match(parseArguments(['--gateway', 'nowhere']), { problem: /--gateway/ })
  t.match(parseArguments(['--what']), { problem: String })
  t.match(parseArguments(['--help']), { help: true })
  t.match(parseArguments(['--gateway', 'http://127.0.0.1:1/']), {
    options: { gatewayUrl: 'http://127.0.0.1:1', speed: 10 },
  })
})

t.test('secrets come from the environment, else from the sandbox', async (t) => {
  t.equal(secretsFrom({ CITY_SECRET: 'x' }).department, 'x')
  t.strictSame(secretsFrom({}), sandboxSecrets)
  t.strictSame(secretsFrom(secretsAsEnvironment()), sandboxSecrets)
})

t.test('the process starts, says where it is, and leaves cleanly on SIGTERM', async (t) => {
  const args = ['src/sandbox/main.ts', '--port', '0', '--gateway', 'http://127.0.0.1:9', '--faults', 'none']
  const city = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => city.kill('SIGKILL'))
  const [said] = (await once(city.stdout, 'data')) as [Buffer]
  const url = /http:\S+/.exec(said.toString())?.[0] ?? ''
  t.equal((await fetch(`${url}/progress`)).status, 200)
  await fetch(`${url}/run`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ count: 5 }),
  })
  const startedAt = performance.now()
  city.kill('SIGTERM')
  const [code] = (await once(city, 'exit')) as [number | null]
  t.equal(code, 0)
  t.ok(performance.now() - startedAt < 3_000)
})
