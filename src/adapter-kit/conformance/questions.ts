// The failure questions: what every adapter must say when its system misbehaves.
// Each is one behaviour of a real server and the failure that must come of it.

import type { ServerResponse } from 'node:http'
import type { FailureKind } from '../failures.ts'
import { answering, type Behaviour } from './server.ts'

export interface Question {
  /** The name a sample uses to except it. */
  name: string
  rule: string
  behaviour: Behaviour
  kind: FailureKind
  retryAfterMs?: number
  sent?: boolean
  /** The attempt's signal aborts this long after the request came in. */
  stopAfterMs?: number
  /** No server listens at all. */
  nobody?: boolean
}

const SILENCE_MS = 120
const html = '<!DOCTYPE html><html><body>系统维护中</body></html>'
const gbkSuccess = Buffer.concat([
  Buffer.from('{"code":"0","message":"'),
  Buffer.from([0xb3, 0xc9, 0xb9, 0xa6]),
  Buffer.from('"}'),
])
const json = { 'content-type': 'application/json; charset=utf-8' }

export const questions: readonly Question[] = [
  {
    name: 'refused',
    rule: 'a refused connection is unavailable, and surely not sent',
    behaviour: silent,
    kind: 'unavailable',
    sent: false,
    nobody: true,
  },
  {
    name: 'silence',
    rule: 'silence after the request was sent is uncertain, and the signal ends it',
    behaviour: silent,
    kind: 'uncertain',
    stopAfterMs: SILENCE_MS,
  },
  {
    name: 'hang-up',
    rule: 'a connection closed without an answer is uncertain',
    behaviour: (response) => response.destroy(),
    kind: 'uncertain',
  },
  { name: 'cut', rule: 'an answer that breaks off is uncertain', behaviour: cut, kind: 'uncertain' },
  {
    name: 'throttled',
    rule: '429 is throttled for as long as it says',
    behaviour: answering([{ status: 429, headers: { 'retry-after': '7' } }]),
    kind: 'throttled',
    retryAfterMs: 7_000,
  },
  { name: '401', rule: '401 is unauthorised', behaviour: echo(401), kind: 'unauthorised' },
  { name: '403', rule: '403 is unauthorised', behaviour: echo(403), kind: 'unauthorised' },
  { name: '500', rule: '500 is unavailable', behaviour: echo(500), kind: 'unavailable' },
  { name: '504', rule: '504 is uncertain', behaviour: echo(504), kind: 'uncertain' },
  {
    name: 'redirect',
    rule: 'a redirect is unrecognised and never followed',
    behaviour: answering([{ status: 302, headers: { location: '/elsewhere' } }]),
    kind: 'unrecognised',
  },
  {
    name: 'unknown',
    rule: 'an answer of unknown shape is unrecognised',
    behaviour: answering([{ body: { unexpected: '__never_seen__' } }]),
    kind: 'unrecognised',
  },
  {
    name: 'broken-json',
    rule: 'a broken body is unrecognised',
    behaviour: answering([{ headers: json, body: '{"code":"0","mess' }]),
    kind: 'unrecognised',
  },
  {
    name: 'html',
    rule: 'HTML with status 200 is unrecognised',
    behaviour: answering([{ headers: { 'content-type': 'text/html; charset=utf-8' }, body: html }]),
    kind: 'unrecognised',
  },
  {
    name: 'charset',
    rule: 'bytes of another charset than named are unrecognised',
    behaviour: answering([{ headers: json, bodyBase64: gbkSuccess.toString('base64') }]),
    kind: 'unrecognised',
  },
  { name: 'huge', rule: 'an answer of 50 MB is unrecognised', behaviour: huge, kind: 'unrecognised' },
  { name: 'endless', rule: 'an endless answer is unrecognised', behaviour: endless, kind: 'unrecognised' },
]

function silent(): void {}

/** Repeats what it was sent, as error pages do: none of it may reach a summary. */
function echo(status: number): Behaviour {
  return (response, request) => {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' })
    response.end(request.body)
  }
}

function cut(response: ServerResponse): void {
  response.writeHead(200, { ...json, 'content-length': 4096 })
  response.write('{"code":')
  setImmediate(() => response.destroy())
}

const piece = Buffer.alloc(64 * 1024, 0x20)
const HUGE_BYTES = 50 * 1024 * 1024

function huge(response: ServerResponse): void {
  response.writeHead(200, { ...json, 'content-length': HUGE_BYTES })
  pour(response)
}

function endless(response: ServerResponse): void {
  response.writeHead(200, json)
  pour(response)
}

function pour(response: ServerResponse): void {
  response.on('error', () => response.destroy())
  const more = () => {
    while (!response.destroyed && response.write(piece));
    if (!response.destroyed) response.once('drain', more)
  }
  more()
}
