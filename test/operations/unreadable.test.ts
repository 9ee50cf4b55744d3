// What nobody could read is there for a person to see: why, from whom, and its bytes.

import { createHash } from 'node:crypto'
import t from 'tap'
import { keepUnreadable } from '../../src/ledger/evidence.ts'
import { unreadableRoutes } from '../../src/operations/unreadable.ts'
import { openBooks } from '../ledger/books.ts'
import { loggedIn, startEdge } from '../security/edge.ts'

const sha256 = (body: Buffer) => createHash('sha256').update(body).digest('hex')

t.test('unreadable messages are listed in pages, newest first, and read byte for byte', async (t) => {
  const books = await openBooks(t)
  const keep = (system: string, body: Buffer) => {
    const digest = sha256(body)
    const message = { source: `system:${system}`, key: `unreadable:${digest}`, sha256: digest }
    return keepUnreadable(
      books.ledger.writers,
      { ...message, mediaType: 'text/xml', body },
      '状态码 99 未配置 (unknown code 99)',
    )
  }
  const bodies = Array.from({ length: 5 }, (_, i) => Buffer.from([0xff, 0x00, i]))
  for (const body of bodies) await keep('licence', body)
  await keep('tax', Buffer.from('<x/>'))
  await books.take()

  const app = await startEdge(t, { routes: (app) => unreadableRoutes(app, books) })
  const [viewer, operator] = [await loggedIn(app, 'viewer'), await loggedIn(app, 'operator')]
  const ask = (path: string, cookie = viewer) =>
    app.inject({ url: `/ops/v1/unreadable${path}`, headers: { cookie } })

  const seen: string[] = []
  for (let after = ''; ; ) {
    const page = (await ask(`?system=licence&limit=2${after}`)).json()
    seen.push(...page.items.map((one: { sha256: string }) => one.sha256))
    if (!page.more) break
    after = `&after=${page.next}`
  }
  t.strictSame(seen, bodies.map(sha256).reverse())
  const { items } = (await ask('')).json()
  t.equal(items.length, 6)
  t.match(items[0], {
    system: 'tax',
    reason: '状态码 99 未配置 (unknown code 99)',
    mediaType: 'text/xml',
    bytes: 4,
    receivedAt: /^2/,
  })

  const one = `/licence/${sha256(bodies[3]!)}`
  t.equal((await ask(one)).statusCode, 403, 'it may hold personal data')
  const read = await ask(one, operator)
  t.strictSame(read.rawPayload, bodies[3])
  t.match(read.headers, { 'content-type': 'application/octet-stream', 'content-disposition': /^attachment/ })
  t.equal((await ask(`/tax/${sha256(bodies[3]!)}`, operator)).statusCode, 404)
  t.equal((await ask('/tax/%00', operator)).statusCode, 404)
  for (const query of ['?after=x', '?limit=0', '?sytem=tax']) t.equal((await ask(query)).statusCode, 400)
})
