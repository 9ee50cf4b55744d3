// A real HTTP server that behaves as told, and remembers what it received.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { encode } from '../charset.ts'
import type { ScriptedAnswer } from './sample.ts'

export interface ReceivedRequest {
  method: string
  target: string
  headers: IncomingMessage['headers']
  body: Buffer
}

/** What the server does once a request has arrived whole. */
export type Behaviour = (response: ServerResponse, request: ReceivedRequest, index: number) => void

export interface ScriptedServer {
  origin: string
  received: ReceivedRequest[]
  close(): Promise<void>
}

/** On 127.0.0.1; port 0 takes any free one. */
export async function startServer(behaviour: Behaviour, port = 0): Promise<ScriptedServer> {
  const received: ReceivedRequest[] = []
  const server = createServer((incoming, response) => {
    const pieces: Buffer[] = []
    incoming.on('data', (piece: Buffer) => pieces.push(piece))
    incoming.on('error', () => response.destroy())
    incoming.on('end', () => {
      const request = {
        method: incoming.method ?? '',
        target: incoming.url ?? '',
        headers: incoming.headers,
        body: Buffer.concat(pieces),
      }
      received.push(request)
      behaviour(response, request, received.length - 1)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Answers in order; the last is repeated. */
export function answering(answers: readonly ScriptedAnswer[]): Behaviour {
  return (response, _request, index) => {
    const answer = answers[Math.min(index, answers.length - 1)] ?? {}
    const body = bytesOf(answer)
    response.writeHead(answer.status ?? 200, {
      'content-type': typeOf(answer),
      'content-length': body.length,
      ...answer.headers,
    })
    response.end(body)
  }
}

/** The bytes a sample means. */
export function bytesOf({
  body,
  bodyBase64,
  charset,
}: Pick<ScriptedAnswer, 'body' | 'bodyBase64' | 'charset'>): Buffer {
  if (bodyBase64 !== undefined) return Buffer.from(bodyBase64, 'base64')
  if (body === undefined) return Buffer.alloc(0)
  return encode(typeof body === 'string' ? body : JSON.stringify(body), charset ?? 'utf-8')
}

/** The Content-Type that a sample's answer has unless its headers say otherwise. */
export function typeOf({ body, charset }: ScriptedAnswer): string {
  return `${typeof body === 'string' ? 'text/plain' : 'application/json'}; charset=${charset ?? 'utf-8'}`
}
