// A housing provident fund with a REST interface of its own, for the tutorial of config/README.md: written to
// that interface alone, it checks our signatures, keeps books of its own and reports what it decides.
//   node src/sandbox/housing-fund.ts <port> <file with the secret>

import { createHash, createHmac, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

type Body = Record<string, unknown>
type Answer = [status: number, body: unknown]

const BASE = '/openapi/v2/applications'
const WINDOW_SECONDS = 300

const [port = '7802', secretFile = ''] = process.argv.slice(2)
const secret = readFileSync(secretFile, 'utf8').trim()
const books = new Map<string, { serial: string; application: Body }>()

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')
const signed = (method: string, target: string, seconds: string, body: Buffer | string) =>
  createHmac('sha256', secret)
    .update(`${method}&${target}&${seconds}&${sha256(body)}`)
    .digest('hex')
    .toUpperCase()

/** As its own manual says. */
function served({ method = '', url = '', headers }: IncomingMessage, body: Buffer): Answer {
  const seconds = String(headers.timestamp)
  const fresh = Math.abs(Date.now() / 1000 - Number(seconds)) <= WINDOW_SECONDS
  if (headers.appid !== 'tongban' || !fresh || headers.sign !== signed(method, url, seconds, body))
    return [200, { result: 'DENIED', text: '签名错误' }]
  if (method === 'POST' && url === BASE) return taken(JSON.parse(body.toString()) as Body)
  if (method === 'GET' && url === `${BASE}/connection-check`) return [200, { result: 'OK' }]
  const known = books.get(decodeURIComponent(url.slice(BASE.length + 1).split('?', 1)[0] ?? ''))
  return known ? [200, { result: 'OK', serial: known.serial }] : [404, { result: 'NONE', text: '无此业务' }]
}

function taken(application: Body): Answer {
  const no = String(application.bizNo)
  const known = books.get(no)
  if (known) return [200, { result: 'EXISTS', serial: known.serial }]
  const { item } = application as { item?: { code?: string } }
  if (!item?.code) return [422, { result: 'BAD', text: '缺少事项编码' }]
  const serial = `GJJ-${books.size + 1}`
  books.set(no, { serial, application })
  return [201, { result: 'OK', serial }]
}

/** Tells the gateway what became of an application: `{ to, bizNo, state }`. */
async function report({ to, bizNo, state }: Body): Promise<Answer> {
  const url = new URL(String(to))
  const at = new Date(Date.now() + 8 * 3600_000).toISOString().replace(/\D/g, '').slice(0, 14)
  const body = JSON.stringify({
    msgId: randomUUID(),
    bizNo,
    serial: books.get(String(bizNo))?.serial,
    state,
    at,
  })
  const seconds = String(Math.floor(Date.now() / 1000))
  const answer = await fetch(url, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      AppId: 'tongban',
      Timestamp: seconds,
      Nonce: randomUUID(),
      Sign: signed('POST', url.pathname, seconds, body),
    },
  })
  return [200, await answer.json()]
}

async function answered(request: IncomingMessage): Promise<Answer> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const body = Buffer.concat(pieces)
  if (request.url === '/books') return [200, Object.fromEntries(books)]
  if (request.url === '/report') return report(JSON.parse(body.toString()) as Body)
  return served(request, body)
}

const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
  const [status, body] = await answered(request).catch((): Answer => [500, { result: 'ERROR' }])
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))
})
server.listen(Number(port), '127.0.0.1', () =>
  process.stdout.write(`公积金中心 housing fund: 127.0.0.1:${port}\n`),
)
