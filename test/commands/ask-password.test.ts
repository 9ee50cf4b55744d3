import { PassThrough, Writable } from 'node:stream'
import t from 'tap'
import { askPassword } from '../../src/commands/ask-password.ts'

function desk(terminal: boolean) {
  const shown: string[] = []
  const raw: boolean[] = []
  const setRawMode = (on: boolean) => void raw.push(on)
  const input = Object.assign(new PassThrough(), terminal ? { isTTY: true, setRawMode } : {})
  const output = new Writable({
    write(chunk, _encoding, done) {
      shown.push(String(chunk))
      done()
    },
  })
  return { input, output, raw, shown: () => shown.join('') }
}

t.test('a password typed at a terminal is not shown, and may be mended while typing', async (t) => {
  const { input, output, raw, shown } = desk(true)
  const answer = askPassword(input, output)
  for (const key of ['s', 'e', 'x', '\x7f', 'c', '\r']) input.write(key)
  t.equal(await answer, 'sec')
  t.equal(shown(), 'password: \n')
  t.strictSame(raw, [true, false], 'the terminal is given back as it was')
})

t.test('a password from a pipe is its first line, with or without an end', async (t) => {
  for (const text of ['开封 correct horse\nmore\n', '开封 correct horse']) {
    const { input, output } = desk(false)
    input.end(text)
    t.equal(await askPassword(input, output), '开封 correct horse')
  }
  const { input, output } = desk(false)
  input.end()
  t.equal(await askPassword(input, output), '')
})
