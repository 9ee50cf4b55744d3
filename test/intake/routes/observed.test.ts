// Every submission that is answered is counted and told once, whatever became of it; nobody's data is told with it.

import { hash } from 'node:crypto'
import { Writable } from 'node:stream'
import t from 'tap'
import { problem } from '../../../src/http/problems.ts'
import { observed, type SubmissionFacts } from '../../../src/intake/observing.ts'
import { createLogger } from '../../../src/operations/log.ts'
import { createMetrics } from '../../../src/operations/metrics.ts'
import { observers } from '../../../src/operations/observers.ts'
import { newborn, platformAt, tokens } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'

const METRICS_TOKEN = 'token-of-whoever-counts'
const counter = `  - { id: counter, tokens: [{ sha256: ${hash('sha256', METRICS_TOKEN)} }], scopes: [metrics:read], divisions: ["*"] }`
const running = await runGateway(t, {
  roles: ['api'],
  edit: { 'gateway.yaml': (text) => text.replace('\nclients:\n', `\nclients:\n${counter}\n`) },
})
const platform = platformAt(running.url)

async function counts(): Promise<Record<string, number>> {
  const text = (await platform.get('/metrics', { token: METRICS_TOKEN })).body.toString()
  return Object.fromEntries(
    [...text.matchAll(/^tongban_submissions_total\{outcome="(\w+)"\} (\d+)$/gm)].map(([, outcome, count]) => [
      outcome,
      Number(count),
    ]),
  )
}

t.test(
  'what is taken, repeated and refused is counted as such, by our own route and a platform’s',
  async (t) => {
    const own = '/v1/platforms/kaifeng-platform/submissions'
    const body = newborn()
    await platform.submit(body, { key: 'k-1' })
    await platform.submit(body, { key: 'k-1' })
    t.strictSame(await counts(), { accepted: 1, replayed: 1 })
    await platform.submit({ ...newborn(), theme: 'no-theme' })
    await platform.submit('{', { type: 'application/json' })
    await platform.submit(body, { key: null })
    await platform.submit({ ...body, homeDivision: '410221' })
    t.strictSame(await counts(), { accepted: 1, replayed: 1, refused: 4 })
    await platform.post(own, { body: newborn() })
    await platform.post(own, { body: '{' })
    await platform.post(own, { body: { ...newborn(), mode: 'x' } })
    await platform.post('/v1/submissions/check', { body: { ...newborn(), mode: 'x' } })
    t.strictSame(await counts(), { accepted: 2, replayed: 1, refused: 6 })
    await platform.submit(newborn(), { token: tokens.county })
    t.strictSame(await counts(), { accepted: 3, replayed: 1, refused: 6 })
  },
)

t.test('the line of a submission holds ids, counts and time', async (t) => {
  const { lines, observe } = logged('debug')
  const facts = { outcome: 'accepted', submission: 'sub_1', theme: 'newborn', cases: 3 } as const
  await observed(observe, { client: 'c', platform: 'p' }, async () => ({ facts }))
  t.match(lines(), [{ level: 'debug', msg: 'submission.received', ...facts, client: 'c', platform: 'p' }])
  t.type(lines()[0]!.ms, 'number')
})

t.test('the line of a refusal names kinds of faults, never what was sent', async (t) => {
  const { lines, observe } = logged('debug')
  const fault = {
    pointer: '/form/13800138000',
    code: 'too-long',
    message: '13800138000',
    messageZh: '13800138000',
  } as const
  const refusal = problem('invalid-submission', { errors: [fault, fault] })
  await t.rejects(
    observed(observe, { client: 'c', platform: 'p' }, () => Promise.reject(refusal)),
    refusal,
  )
  t.match(lines(), [
    { outcome: 'refused', code: 'invalid-submission', faults: 2, kinds: ['too-long'], client: 'c' },
  ])
  t.notMatch(JSON.stringify(lines()), /138/)
})

t.test('an error of a library that has an answer is a refusal; a mistake of ours is none', async (t) => {
  const told: SubmissionFacts[] = []
  const observer = { submitted: (facts: SubmissionFacts) => void told.push(facts) }
  const from = { client: 'c', platform: 'p' }
  const tooLarge = Object.assign(new Error('x'), { code: 'FST_REQ_FILE_TOO_LARGE' })
  for (const error of [tooLarge, new Error('oops')])
    await t.rejects(
      observed(observer, from, () => Promise.reject(error)),
      error,
    )
  t.match(told, [{ outcome: 'refused', code: 'too-large' }])
  t.equal(told.length, 1)
})

function logged(logLevel: 'debug') {
  let text = ''
  const destination = new Writable({
    write(chunk, _, done) {
      text += chunk
      done()
    },
  })
  const lines = (): Record<string, unknown>[] =>
    text
      .split('\n')
      .filter(Boolean)
      .map((one) => JSON.parse(one))
  return { lines, observe: observers(createLogger({ logLevel }, destination), createMetrics()) }
}
