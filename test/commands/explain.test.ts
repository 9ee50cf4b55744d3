import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:tls'
import t from 'tap'
import { places, readCommandLine } from '../../src/commands/command-line.ts'
import { explain } from '../../src/commands/explain.ts'
import { openOffice, skip } from '../adapters/tls-office.ts'
import { removeFolder, temporaryFolder } from '../support/folders.ts'

t.test('a certificate that is not trusted is told with where to name its CA', { skip }, async (t) => {
  const folder = temporaryFolder('explain')
  t.teardown(() => removeFolder(folder))
  const office = openOffice(folder, 'engines')
  const server = createServer(office.issue('engine', { san: 'DNS:db.example' })).listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const refused = async (ca?: string): Promise<string> => {
    const socket = connect({ host: '127.0.0.1', port, ...(ca ? { ca } : {}) })
    const [error] = await once(socket, 'error')
    return explain(error)
  }
  t.match(await refused(), /NODE_EXTRA_CA_CERTS.*sslrootcert in DATABASE_URL/)
  t.match(await refused(office.ca.cert), /altnames.*and the host as its certificate does/)
})

t.test('a wrong option, argument or file is told in one sentence of both languages', async (t) => {
  for (const [args, what] of [
    [['--nonsense'], "Unknown option '--nonsense'"],
    [['surplus'], "Unexpected argument 'surplus'"],
    [['--config'], "Option '--config <value>' argument missing"],
    [['--help=yes'], "Option '-h, --help' does not take an argument"],
  ] as const) {
    const said = saidOf(() => readCommandLine([...args], '', places))
    t.equal(said, `${what}. Try --help · 选项或参数有误，请用 --help 查看用法`)
  }
  const named = saidOf(() => readCommandLine(['--nonsense'], '', places, 'names'))
  t.equal(named, "Unknown option '--nonsense'. Try --help · 选项或参数有误，请用 --help 查看用法")
  t.equal(
    saidOf(() => readFileSync('/no/such/file')),
    'there is no such file or folder: /no/such/file · 没有该文件或目录',
  )
})

function saidOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    return explain(error)
  }
  return 'nothing was wrong'
}
