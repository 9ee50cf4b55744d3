// Free TCP ports for the processes a test starts. Must not hold a port open: the caller's process needs it. None of those
// from which systems take the ports of outgoing connections (32768 and above), for one of these may be taken the moment
// after; and each process has some of its own, for other tests look at the same time.

import { createServer } from 'node:net'

/** Above those that browsers refuse to speak to. */
const FIRST = 11_000
const EACH = 20
const PROCESSES = 1_050

const own = (process.pid % PROCESSES) * EACH
let taken = 0

/** A port on 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PROCESSES * EACH; tries++) {
    // What is beyond its own, where it needs more, is its neighbour's.
    const port = FIRST + ((own + taken++) % (PROCESSES * EACH))
    if (await isFree(port)) return port
  }
  throw new Error('no port is free')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.unref()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
