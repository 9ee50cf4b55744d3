// `Expect: 100-continue`: whoever waits with a large body is asked for it only when nothing else refuses the request.

import t from 'tap'
import { newborn, number, platformAt, rawExchange, tokens } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'

const limited = (text: string) =>
  text.replace('- id: county-platform', '- id: county-platform\n    rate: { requests: 1, seconds: 60 }')
const running = await runGateway(t, { roles: ['api'], edit: { 'gateway.yaml': limited } })

/** A head that announces a body and waits; what came back within `ms`, or until the other side ended. */
const announce = (path: string, head: string, body = '', ms = 1_000) =>
  rawExchange(
    running.port,
    `POST ${path} HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\n${head}\r\n\r\n${body}`,
    ms,
  )
const bearer = (token: string) => `authorization: Bearer ${token}`
const large = 'content-type: application/pdf\r\ncontent-length: 50000000'

t.test('a caller whom nobody knows is refused without being asked for the body', async (t) => {
  for (const head of [large, `${bearer('nobody')}\r\n${large}`]) {
    const heard = await announce('/v1/materials', head)
    t.match(heard, /^HTTP\/1\.1 401 /)
    t.match(heard, /\r\nconnection: close\r\n/i, 'what would follow could be taken for the body')
  }
})

t.test('so is whoever lacks a scope, asks for what is not there, or asks too often', async (t) => {
  t.match(await announce('/v1/materials', `${bearer(tokens.health)}\r\n${large}`), /^HTTP\/1\.1 403 /)
  t.match(await announce('/v1/nothing', `${bearer(tokens.kaifeng)}\r\n${large}`), /^HTTP\/1\.1 404 /)
  await platformAt(running.url, tokens.county).get('/v1/themes')
  t.match(await announce('/v1/materials', `${bearer(tokens.county)}\r\n${large}`), /^HTTP\/1\.1 429 /)
})

t.test('whoever may send is asked for the body, and answered when it has come', async (t) => {
  const head = `${bearer(tokens.kaifeng)}\r\n${large}`
  t.equal(await announce('/v1/materials', head, '', 300), 'HTTP/1.1 100 Continue\r\n\r\n')
  const body = JSON.stringify(newborn({ externalId: number() }))
  const json = `${bearer(tokens.kaifeng)}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}`
  const heard = await announce('/v1/submissions/check', json, body, 3_000)
  t.match(heard, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /)
})
