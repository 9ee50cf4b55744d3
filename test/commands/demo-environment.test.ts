// What `demo --environment` prints, for commands that are run beside a demo.

import { statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { notedPlaces, notePlaces } from '../../src/commands/demo/meeting-places.ts'
import { removeFolder, temporaryFolder } from '../support/folders.ts'
import { tongban } from './tongban.ts'

t.test('secrets, and the places where the last city is met', async (t) => {
  const data = join(temporaryFolder('demo'), 'data')
  t.teardown(() => removeFolder(join(data, '..')))
  const ask = async () => (await tongban(['demo', '--environment', '--data', data])).output
  t.strictSame(notedPlaces(data), {}, 'before the first demo')
  t.match(await ask(), /^export KAIFENG_PLATFORM_TOKEN='/m)
  t.notMatch(await ask(), /EXCHANGE_DB_PORT/)
  notePlaces(data, {
    cityUrl: 'http://127.0.0.1:7891',
    dropFolder: '/srv/city',
    exchangeDatabaseUrl: 'postgres://tongban:word@127.0.0.1:5499/exchange',
  })
  t.equal(statSync(join(data, 'places.json')).mode & 0o077, 0, 'for its owner alone')
  const output = await ask()
  t.match(output, /^export CITY_URL='http:\/\/127\.0\.0\.1:7891'$/m)
  t.match(output, /^export CITY_DROP_FOLDER='\/srv\/city'$/m)
  t.match(output, /^export EXCHANGE_DB_PORT='5499'$/m)
  t.match(output, /^export EXCHANGE_DB_PASSWORD='word'$/m)
  t.equal(output.match(/EXCHANGE_DB_PASSWORD/g)?.length, 1)
  t.notMatch(output, /DATABASE_URL/, 'the demo has ended')
  notePlaces(data, { cityUrl: 'http://127.0.0.1:7800' }, 'postgres://tongban:word@127.0.0.1:5499/demo')
  t.match(await ask(), /^export DATABASE_URL='postgres:.*demo'$/m, 'it is running')
})
