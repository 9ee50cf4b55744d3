// The tutorial of config/README.md, run as it stands: a department becomes part of a running city by one file.

import { spawnSync } from 'node:child_process'
import t from 'tap'
import { temporaryFolder } from '../support/folders.ts'
import { freePort } from '../support/ports.ts'
import { runTutorial, script, sectionOf } from '../support/tutorial.ts'

t.setTimeout(120_000)

const skip = spawnSync('curl', ['--version']).error ? 'no curl on PATH' : false
const section = sectionOf('config/README.md', '不写代码接入部门系统')

t.test('from an empty folder to a delivered case: one file, and no restart', { skip }, async (t) => {
  const [gateway, fund] = [await freePort(), await freePort()]
  const commands = script(section)
  t.equal(commands.match(/tongban start/g)?.length, 1, 'the gateway is started once')
  const { code, output } = await runTutorial(commands, {
    HOME: temporaryFolder('without-code'),
    TONGBAN_PORT: String(gateway),
    FUND_PORT: String(fund),
  })

  t.equal(code, 0, code === 0 ? 'every command ends well' : output)
  t.match(output, /POST http:\/\/127\.0\.0\.1:\d+\/openapi\/v2\/applications\n/, 'the request is shown first')
  t.notMatch(output, /trial-secret-of-the-fund/, 'no secret is shown')
  t.match(output, /✔ 凭证 credentials/, 'the check reaches the department')
  t.match(output, /applied .*\n {2}\+ housing-fund/, 'the system came into force')
  t.match(output, /activated: version 2 is in force/, 'then the catalogue')
  t.match(output, /"case_[0-9a-z]+":\{"serial":"GJJ-1"/, 'the department has the case')
  t.match(output, /"amount":5000000/, 'with what the citizen wrote')
  t.match(output, /\{"result":"OK"\}/, 'its report was taken')
  t.match(output, /"state":"accepted"/, 'and reached the case')
})
