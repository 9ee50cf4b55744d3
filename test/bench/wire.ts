// HTTP/1.1 for the load generator and the sinks, on bare sockets: they share the machine with what they measure,
// so every microsecond they take is taken from it. Reads only what such small messages need (Content-Length, keep-alive);
// anything else is an error, never a guess (RFC 9112).

import { connect, createServer, type Server, type Socket } from 'node:net'

const HEAD_END = Buffer.from('\r\n\r\n')

export interface Message {
  /** Request line or status line, and the header fields, as sent. */
  head: string
  body: Buffer
}

/** Calls `onMessage` for each complete message among the socket's bytes. */
function readMessages(
  socket: Socket,
  onMessage: (message: Message) => void,
  onBroken: (why: string) => void,
): void {
  let rest: Buffer | null = null
  socket.on('data', (chunk: Buffer) => {
    let bytes: Buffer = rest === null ? chunk : Buffer.concat([rest, chunk])
    for (let message = take(bytes); message !== null; message = take(bytes)) {
      if (typeof message === 'string') return onBroken(message)
      bytes = bytes.subarray(message.bytes)
      onMessage(message)
    }
    rest = bytes.length === 0 ? null : bytes
  })
}

/** The first message, null when it is not complete yet, or why it cannot be read. */
function take(bytes: Buffer): (Message & { bytes: number }) | string | null {
  const headBytes = bytes.indexOf(HEAD_END)
  if (headBytes === -1) return null
  const head = bytes.toString('latin1', 0, headBytes)
  const end = headBytes + HEAD_END.length + bodyLength(head)
  if (Number.isNaN(end)) return `no Content-Length: ${head.slice(0, 200)}`
  if (bytes.length < end) return null
  return { head, body: bytes.subarray(headBytes + HEAD_END.length, end), bytes: end }
}

function bodyLength(head: string): number {
  const found = /\r\ncontent-length: *(\d+)/i.exec(head)
  if (found !== null) return Number(found[1])
  const bodiless = head.startsWith('GET ') || head.startsWith('HTTP/1.1 204')
  return bodiless ? 0 : Number.NaN
}

/** The value of one header field, '' when absent. `name` in lower case. */
export function headerOf(head: string, name: string): string {
  const found = new RegExp(`\\r\\n${name}: *([^\\r]*)`, 'i').exec(head)
  return found?.[1] ?? ''
}

/** A whole message; `start` is the request or status line with its constant fields, each ended by CRLF. */
export function compose(start: string, body: string): string {
  return `${start}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

/** A server whose `answer` gets each request and returns the whole answer at once. */
export function listen(port: number, answer: (request: Message) => string): Promise<Server> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    readMessages(
      socket,
      (request) => void socket.write(answer(request)),
      () => socket.destroy(),
    )
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

/** The answer to a request; status 0 means that the connection was lost or the answer could not be read. */
type OnAnswer = (status: number, body: Buffer) => void

export interface Sender {
  /** Sends on the first free connection, in order of asking. */
  send(request: string, onAnswer: OnAnswer): void
  /** Requests asked for and not yet answered. */
  waiting(): number
  close(): void
}

interface Exchange {
  request: string
  onAnswer: OnAnswer
}

/** Keep-alive connections to one server, one request at a time on each. */
export function createSender(port: number, connections: number): Sender {
  const queue: Exchange[] = []
  const idle: Socket[] = []
  const busy = new Map<Socket, Exchange>()
  let closed = false
  let open = 0

  const start = (socket: Socket, exchange: Exchange) => {
    busy.set(socket, exchange)
    socket.write(exchange.request)
  }
  const finish = (socket: Socket, status: number, body: Buffer) => {
    const exchange = busy.get(socket)
    busy.delete(socket)
    const next = status === 0 ? undefined : queue.shift()
    if (next !== undefined) start(socket, next)
    else if (status !== 0) idle.push(socket)
    exchange?.onAnswer(status, body)
  }
  const lose = (socket: Socket) => {
    if (!socket.destroyed) socket.destroy()
    const place = idle.indexOf(socket)
    if (place !== -1) idle.splice(place, 1)
    if (busy.has(socket)) finish(socket, 0, Buffer.alloc(0))
  }
  const add = () => {
    open++
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.on('error', () => lose(socket))
    socket.on('close', () => {
      open--
      lose(socket)
      if (!closed && queue.length > 0) add()
    })
    readMessages(
      socket,
      ({ head, body }) => finish(socket, Number(head.slice(9, 12)), body),
      () => lose(socket),
    )
    const first = queue.shift()
    if (first === undefined) idle.push(socket)
    else start(socket, first)
  }
  return {
    send(request, onAnswer) {
      const socket = idle.pop()
      if (socket !== undefined) return start(socket, { request, onAnswer })
      queue.push({ request, onAnswer })
      if (open < connections) add()
    },
    waiting: () => queue.length + busy.size,
    close() {
      closed = true
      for (const socket of [...idle, ...busy.keys()]) socket.destroy()
    },
  }
}
