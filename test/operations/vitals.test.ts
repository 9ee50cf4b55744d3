// What a process that takes requests and attempts nothing says of what waits: the truth, from the ledger.

import { createHash } from 'node:crypto'
import t from 'tap'
import { removePause, writePause } from '../../src/ledger/pauses.ts'
import { number, platformAt, retirement } from '../support/platform.ts'
import { runGateway } from '../support/running.ts'

const token = 'token-of-a-monitor'
const monitor = `
clients:
  - { id: monitor, tokens: [{ sha256: ${createHash('sha256').update(token).digest('hex')} }], scopes: [metrics:read], divisions: ["*"] }
`
const running = await runGateway(t, {
  roles: ['api'],
  edit: { 'gateway.yaml': (text) => text.replace('\nclients:\n', monitor) },
})
const platform = platformAt(running.url)

/** Both are answered anew once a second. */
const aSecond = () => new Promise((resolve) => setTimeout(resolve, 1_050))

async function figures(): Promise<{ status: number; backlog: string; age: number; paused: string[] }> {
  await aSecond()
  const ready = await platform.get('/readyz', { token: null })
  const lines = (await platform.get('/metrics', { token })).body.toString('utf8').split('\n')
  const age = lines.find((line) => line.startsWith('tongban_oldest_due_age_seconds '))
  const paused = lines.filter((line) => /^tongban_system_paused\{.*\} 1$/.test(line))
  return {
    status: ready.status,
    backlog: ready.json().checks.backlog.detail,
    age: Number(age?.split(' ')[1]),
    paused: paused.map((line) => /system="([^"]+)"/.exec(line)![1]!),
  }
}

t.test(
  'without a worker here, the age of what is due is known, and not held against this process',
  async (t) => {
    t.match(await figures(), { status: 200, backlog: 'nothing due', age: 0, paused: [] })
    const files = [await platform.upload(), await platform.upload()] as const
    t.equal((await platform.submit(retirement(files, { externalId: number() }))).status, 202)
    await running.query(
      "update transfers set next_attempt_at = now() - interval '10 min' where state = 'due'",
    )
    const late = await figures()
    t.match(late, { status: 200, backlog: /^oldest due 60\d s, attempted elsewhere$/ })
    t.ok(late.age >= 600 && late.age < 640, String(late.age))

    const due = await running.query<{ system: string }>(
      "select distinct system from transfers where state = 'due'",
    )
    const systems = due.map(({ system }) => system)
    t.ok(systems.length > 0)
    const { writers } = running.gateway.ledger
    for (const system of systems) await writePause(writers, system, 'maintenance', 'operator')
    const stopped = await figures()
    t.match(stopped, { status: 200, backlog: 'nothing due', age: 0 }, 'paused by another process')
    t.strictSame(stopped.paused.sort(), systems.sort())
    for (const system of systems) await removePause(writers, system, 'operator')
    t.match(await figures(), { backlog: /^oldest due 60\d s/, paused: [] })
  },
)
