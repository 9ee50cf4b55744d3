// A password from whoever types it, or from a pipe. At a terminal nothing of it is shown: it would stay on
// the screen and in recordings.

import { createInterface } from 'node:readline'
import { type Readable, Writable } from 'node:stream'

/** The first line; empty where there is none. Ctrl-C ends the process as it would anywhere. */
export async function askPassword(
  input: Readable & { isTTY?: boolean } = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Promise<string> {
  output.write('password: ')
  const hidden = input.isTTY === true
  // As a terminal it is read in raw mode, and what is typed is echoed to nowhere.
  const line = createInterface({
    input,
    output: hidden ? nowhere() : output,
    terminal: hidden,
    historySize: 0,
  })
  line.once('SIGINT', () => {
    line.close()
    process.kill(process.pid, 'SIGINT')
  })
  const { value } = await line[Symbol.asyncIterator]().next()
  line.close()
  if (hidden) output.write('\n')
  return (value as string | undefined) ?? ''
}

const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() })
