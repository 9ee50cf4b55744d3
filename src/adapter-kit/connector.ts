// How a connection is made, and two things that undici makes of its bytes too soon.
//
// TLS 1.3 refuses a client's certificate after the handshake seemed done: Node tells it as an error of the socket, then
// the other side closes, and undici keeps only the latter. The first reason is kept here.
//
// Some servers (IIS of old, many a service bus) say `100 Continue` to every POST, asked for or not. RFC 9110 has every
// client pass over it; undici breaks the connection, and no such system would ever be heard.

import { buildConnector } from 'undici'
import { refusesCertificate } from './classify.ts'

type Socket = NonNullable<Parameters<buildConnector.Callback>[1]>

export function connectorOf(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector({ allowH2: false, ...options })
  return (to, done) =>
    connect(to, (...made) => {
      const [, socket] = made
      if (socket) {
        keepRefusal(socket)
        passOverContinue(socket)
      }
      done(...made)
    })
}

function keepRefusal(socket: Socket): void {
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (refusesCertificate(error.code ?? '')) socket.destroy(error)
  })
}

/** undici reads all that is there at once; an interim answer stands at its beginning. */
function passOverContinue(socket: Socket): void {
  const read = socket.read.bind(socket)
  socket.read = (size?: number): unknown => {
    const bytes: unknown = read(size)
    return Buffer.isBuffer(bytes) && isContinue(bytes) ? afterContinue(bytes) : bytes
  }
}

const CONTINUE = Buffer.from('HTTP/1.1 100')
const isContinue = (bytes: Buffer): boolean =>
  bytes[9] === CONTINUE[9] &&
  bytes[11] === CONTINUE[11] &&
  bytes.subarray(0, CONTINUE.length).equals(CONTINUE)

/** Null where nothing follows it so far. */
function afterContinue(bytes: Buffer): Buffer | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return bytes
  const rest = bytes.subarray(end + 4)
  if (rest.length === 0) return null
  return isContinue(rest) ? afterContinue(rest) : rest
}
