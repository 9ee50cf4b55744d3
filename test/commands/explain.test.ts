import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:tls'
import t from 'tap'
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
