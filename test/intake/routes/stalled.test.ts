// Bodies that stop in the middle: answered, closed and forgotten; those that are only slow are taken.

import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { rawExchange, tokens } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'
import { nothingKept } from './refused.ts'

const running = await runGateway(t, {
  roles: ['api'],
  edit: {
    'gateway.yaml': (text) => text.replace('stalledBodySeconds: 60', 'stalledBodySeconds: 1'),
  },
})

const head = (path: string, type: string, more: string) =>
  [
    `POST ${path} HTTP/1.1`,
    'host: x',
    `authorization: Bearer ${tokens.kaifeng}`,
    'idempotency-key: stalled',
    `content-type: ${type}`,
    more,
    '\r\n',
  ].join('\r\n')

const form = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7'
const bodies = {
  'a file': `${head('/v1/materials', 'application/pdf', 'content-length: 500000')}%PDF-1.7`,
  'a file in pieces': `${head('/v1/materials', 'application/pdf', 'transfer-encoding: chunked')}8\r\n%PDF-1.7\r\n`,
  'a form with a file': `${head('/v1/materials', 'multipart/form-data; boundary=b', 'content-length: 5000')}${form}`,
  'a submission': `${head('/v1/submissions', 'application/json', 'content-length: 5000')}{`,
  'a submission in a form': `${head('/v1/submissions', 'multipart/form-data; boundary=b', 'content-length: 5000')}${form}`,
  'a submission of which nothing came': head('/v1/submissions', 'application/json', 'content-length: 5000'),
}

for (const [what, sent] of Object.entries(bodies)) {
  t.test(`${what} that stops in the middle is answered 408 and closed, and leaves nothing`, async (t) => {
    await nothingKept(t, running, async () => {
      const began = performance.now()
      const answer = await rawExchange(running.port, sent, 9_000)
      t.ok(performance.now() - began < 6_000, 'closed by the gateway')
      t.match(answer, /^HTTP\/1\.1 408/)
      t.match(answer, /content-type: application\/problem\+json/i)
      t.match(answer, '"code":"request-timeout"')
      t.match(answer, /connection: close/i)
    })
  })
}

const gathered = {
  'a submission': ['/v1/submissions', 'application/json'],
  'a department’s message': ['/v1/systems/health/events', 'text/xml'],
  'a message that calls itself a form': ['/v1/carriers/ems/tracking', 'multipart/form-data; boundary=b'],
  'a log-in': ['/ops/login', 'application/x-www-form-urlencoded'],
} as const

for (const [what, [path, type]] of Object.entries(gathered)) {
  t.test(`${what} that comes by the byte is answered 408 and closed, and leaves nothing`, async (t) => {
    await nothingKept(t, running, async () => {
      const answer = await drip(head(path, type, 'content-length: 5000'))
      t.match(answer, /^HTTP\/1\.1 408/)
      t.match(answer, '"code":"request-timeout"')
    })
  })
}

/** A byte every 200 ms until the gateway closes; what it answered. */
async function drip(sent: string): Promise<string> {
  const socket = connect(running.port, '127.0.0.1')
  let answer = ''
  socket.on('data', (data) => (answer += data))
  socket.on('error', () => undefined)
  socket.write(sent)
  const byte = setInterval(() => socket.write('1'), 200)
  const patience = setTimeout(() => socket.destroy(), 9_000)
  await new Promise((resolve) => socket.once('close', resolve))
  clearInterval(byte)
  clearTimeout(patience)
  return answer
}

t.test('a file that comes slowly, but comes, is taken however long it takes', async (t) => {
  const pieces = Array.from({ length: 7 }, (_, i) => (i === 0 ? '%PDF-1.7' : `\n%${i}`))
  const length = pieces.join('').length
  const socket = connect(running.port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  socket.write(
    head('/v1/materials', 'application/pdf', `content-length: ${length}`).replace('stalled', 'slow'),
  )
  for (const piece of pieces) {
    await sleep(500)
    socket.write(piece)
  }
  const [answer] = await new Promise<string[]>((resolve) =>
    socket.once('data', (data) => resolve([data.toString()])),
  )
  t.match(answer, /^HTTP\/1\.1 201/)
})
