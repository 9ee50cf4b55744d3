// How a connection is made. TLS 1.3 refuses a client's certificate after the handshake seemed done: Node
// tells it as an error of the socket, then the other side closes, and undici keeps only the latter. The first
// reason is kept here.

import { buildConnector } from 'undici'
import { refusesCertificate } from './classify.ts'

export function connectorOf(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector({ allowH2: false, ...options })
  return (to, done) =>
    connect(to, (...made) => {
      const [, socket] = made
      socket?.on('error', (error: NodeJS.ErrnoException) => {
        if (refusesCertificate(error.code ?? '')) socket.destroy(error)
      })
      done(...made)
    })
}
