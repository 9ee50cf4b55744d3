// A line between two programs that breaks as lines do: a TCP proxy whose connections can be forgotten, as a firewall
// forgets them, or refused. What was sent on a forgotten one is never answered, and nobody is told.

import { connect, createServer, type Socket } from 'node:net'

interface Line {
  port: number
  /** The same address, by this line. */
  through(url: string): string
  /** Connections that are made from now on lead to another port, as a name or an address that moves on. */
  lead(to: number): void
  /** No connection that is there now carries anything any more, in either direction. */
  forget(): void
  close(): void
}

interface Connection {
  here: Socket
  there: Socket
  forgotten: boolean
}

/** A line to a port of this machine. */
export async function startLine(first: number): Promise<Line> {
  let to = first
  const connections = new Set<Connection>()
  const server = createServer((here) => {
    const there = connect(to, '127.0.0.1')
    const connection: Connection = { here, there, forgotten: false }
    connections.add(connection)
    carry(connection, here, there)
    carry(connection, there, here)
    here.once('close', () => {
      connections.delete(connection)
      there.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    port,
    through(url) {
      const other = new URL(url)
      other.port = String(port)
      return other.href
    },
    lead(other) {
      to = other
    },
    forget() {
      for (const one of connections) one.forgotten = true
    },
    close() {
      server.close()
      for (const { here, there } of connections) for (const one of [here, there]) one.destroy()
    },
  }
}

function carry(connection: Connection, from: Socket, to: Socket): void {
  from.on('error', () => undefined)
  from.on('data', (bytes) => {
    if (!connection.forgotten) to.write(bytes)
  })
  from.once('close', () => {
    if (!connection.forgotten) to.destroy()
  })
}
