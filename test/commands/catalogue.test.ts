// `tongban catalogue` as a shell runs it, beside a gateway that runs as a process of its own.

import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { migrateAll } from '../../src/commands/database.ts'
import { sandboxSecrets } from '../../src/sandbox/secrets.ts'
import { createDatabase } from '../support/database.ts'
import { platformAt } from '../support/platform.ts'
import { place, startTongban, tongban } from './tongban.ts'

t.setTimeout(180_000)

const theme = 'matters/themes/newborn.yaml'
const promise = (days: number) => (text: string) =>
  text.replace(/promisedLimit: \{ days: \d+, unit: G \}/, `promisedLimit: { days: ${days}, unit: G }`)
const from = (day: string) => (text: string) => text.replace(/effectiveFrom: .*/, `effectiveFrom: "${day}"`)

t.test('files are validated without a database and without a secret', async (t) => {
  const { configDir, edit } = await place(t)
  const env = { TONGBAN_CONFIG: configDir, DATABASE_URL: 'postgres://127.0.0.1:9/none' }
  t.match(await tongban(['catalogue', 'validate'], { env }), {
    code: 0,
    output: /^valid: [0-9a-f]{12} from 2026-01-01, \d+ themes, \d+ matters, 10 divisions/,
  })
  edit(theme, (text) =>
    text
      .replace('{ material: delivery-record,', '{ material: delivery-rekord,')
      .replace('systems: public-security', 'systems: { "410204": public-security }'),
  )
  edit('halls/410204.yaml', (text) => text.replace(/collects: \[.*?\]/, 'collects: [birth-certifikate]'))
  const { code, output } = await tongban(['catalogue', 'validate'], { env })
  t.equal(code, 1)
  for (const part of [
    /newborn\.yaml:\d+:\d+ .*\n.*no material delivery-rekord.*\n.*没有材料 delivery-rekord/,
    /newborn\.yaml:\d+:\d+ .*\n.*no system for 410200 \(Kaifeng City\), .*\n.*没有办理系统/,
    /410204\.yaml:\d+:\d+ .*\n.*no matter birth-certifikate/,
  ])
    t.match(output, part)
})

t.test('what changed is printed, activated, and used by the running gateway without a restart', async (t) => {
  const { url: databaseUrl } = await createDatabase(t, migrateAll)
  const where = await place(t, { DATABASE_URL: databaseUrl, CITY_URL: 'http://127.0.0.1:9' })
  const { env, edit } = where
  const run = (...args: string[]) => tongban(['catalogue', ...args], { env })
  t.match(await run('list'), { code: 0, output: /no version was recorded/ })
  t.match(await run('diff'), { code: 1, output: /no catalogue was recorded yet/ })
  const gateway = await startTongban(t, where)
  const platform = platformAt(where.url, sandboxSecrets.kaifengToken)
  const promised = async () =>
    (await platform.get('/v1/themes/newborn/checklist?home=410204&mode=online')).json().matters[0]
      .promisedLimit.days

  edit(theme, promise(2))
  const line = /~ matter birth-certificate: promised limit changed: 1 working day → 2 working days\n {4}事项/
  t.match(await run('diff'), { code: 0, output: line })
  const refused = await run('activate')
  t.equal(refused.code, 1)
  t.match(
    refused.output,
    /divisions\.yaml:\d+:\d+ \/effectiveFrom\n.*first day of version 1.*\n.*与第 1 版相同/,
  )
  t.match(await run('activate', '--replace', '--dry-run'), { code: 0, output: /can be activated/ })
  t.equal(await promised(), 1, 'so far nothing has changed')

  edit('matters/divisions.yaml', from('2026-02-01'))
  const activated = await run('activate')
  t.match(activated, { code: 0, output: /activated: version 2 is in force/ })
  t.match(activated.output, line)
  for (let tries = 0; tries < 200 && (await promised()) === 1; tries++) await sleep(25)
  t.equal(await promised(), 2)
  t.match(await run('activate'), { code: 0, output: /unchanged: it is version 2 already/ })

  edit(theme, promise(3))
  edit('matters/divisions.yaml', from('2099-01-01'))
  t.match(await run('activate'), { code: 0, output: /version 3 waits for 2099-01-01/ })
  t.match(await run('list'), {
    code: 0,
    output:
      /^ +3 {2}\w+ {2}2099-01-01 {2}waiting .* command:\S+\n +2 {2}\w+ {2}2026-02-01 {2}in-force .* command:\S+\n +1 {2}\w+ {2}2026-01-01 {2}past .* start\n$/,
  })
  t.match(await run('diff', '1', '3'), { output: /1 working day → 3 working days/ })
  const changes = JSON.parse((await run('diff', '3', '1', '--json')).output).changes
  t.match(changes, [{ what: 'limit', after: { days: 1 } }])
  t.match(await run('show', '1'), { code: 0, output: /# matters\/themes\/newborn\.yaml\n[\s\S]*days: 1/ })
  t.match(JSON.parse((await run('show', '3', '--json')).output), { number: 3, standing: 'waiting' })
  t.match(await run('show', '9'), { code: 1, output: /no catalogue version 9; versions are 1 to 3/ })

  edit(theme, (text) => text.replace('themes:', 'theems:'))
  t.match(await run('list'), { code: 0, output: /in-force/ }, 'wrong files do not hide what was recorded')
  t.match(await run('activate', '--replace'), { code: 1, output: /theems/ })
  t.match(await gateway.stop({ graceMs: 12_000 }), { code: 0, forced: false })
})

t.test('each part says what it takes', async (t) => {
  t.match(await tongban(['catalogue', '--help']), { code: 0, output: /validate[\s\S]*activate/ })
  for (const what of ['validate', 'diff', 'activate', 'list', 'show'])
    t.match(await tongban(['catalogue', what, '--help']), {
      code: 0,
      output: new RegExp(`^tongban catalogue ${what}`),
    })
  t.match(await tongban(['catalogue', 'activat']), { code: 2, output: /there is no "activat"/ })
  t.match(await tongban(['catalogue']), { code: 2 })
  t.match(await tongban(['catalogue', 'show']), { code: 2 })
  t.match(await tongban(['catalogue', 'diff', '1', '2', '3']), { code: 2 })
  t.match(await tongban(['catalogue', 'list', '--all']), { code: 1, output: /--help/ })
})
