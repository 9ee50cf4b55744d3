// `tongban reload` and SIGHUP against a gateway that runs as a process of its own.

import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { migrateAll } from '../../src/commands/database.ts'
import { hashPassword } from '../../src/security/passwords.ts'
import { place, startTongban, tongban } from '../commands/tongban.ts'
import { createDatabase } from '../support/database.ts'

t.setTimeout(120_000)

const password = '开封-correct-horse'

t.test('an operator reloads it from a shell, or a signal does; both are in the books', async (t) => {
  const { url: databaseUrl } = await createDatabase(t, migrateAll)
  const where = await place(t, {
    DATABASE_URL: databaseUrl,
    TONGBAN_OPERATOR_PASSWORD_HASH: await hashPassword(password),
    CITY_URL: 'http://127.0.0.1:9',
  })
  const gateway = await startTongban(t, where)
  const reload = (args: string[] = ['--operator', 'admin'], input = password) =>
    tongban(['reload', '--url', where.url, ...args], { env: where.env, input })

  t.match(await reload(), { code: 0, output: /unchanged: [0-9a-f]{12} is in force/ })
  where.edit('systems/ems.yaml', (text) => text.replace(/timeoutMs: \d+/, 'timeoutMs: 21000'))
  where.edit('halls/410204.yaml', (text) => text.replace(/phone: .*/, 'phone: "0371-00000000"'))
  t.match(await reload(), {
    code: 0,
    output:
      /applied \w+ -> \w+.*\n {2}~ ems {2}\/delivery\/timeoutMs\n {2}! halls: changed, but needs a restart/,
  })
  where.edit('systems/ems.yaml', (text) => text.replace('timeoutMs: 21000', 'timeoutMs: soon'))
  const refused = await reload()
  t.equal(refused.code, 1)
  t.match(
    refused.output,
    /stays in force.*\n {2}systems\/ems\.yaml:\d+:\d+ .*timeoutMs.*\n {4}systems\/ems\.yaml/,
  )
  t.match(await reload(['--operator', 'admin'], 'wrong-password'), {
    code: 1,
    output: /does not let operator "admin" in/,
  })
  t.match(await reload([]), { code: 2, output: /--operator/ })

  where.edit('systems/ems.yaml', (text) => text.replace('timeoutMs: soon', 'timeoutMs: 22000'))
  gateway.signal('SIGHUP')
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  t.teardown(() => client.end())
  const history = async () =>
    (
      await client.query<{ line: string }>(
        `select by || ' ' || result as line from configuration_versions order by id`,
      )
    ).rows.map(({ line }) => line)
  for (let tries = 0; tries < 200 && (await history()).length < 4; tries++) await sleep(50)
  t.strictSame(await history(), [
    'start applied',
    'operator:admin applied',
    'operator:admin refused',
    'signal applied',
  ])
  t.equal(gateway.running(), true)
  t.match(await gateway.stop({ graceMs: 12_000 }), { code: 0, forced: false })
  t.match(await reload(), { code: 1, output: /no gateway answers at/ })
})
