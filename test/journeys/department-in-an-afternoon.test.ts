// The tutorial of adapters/README.md, run as it stands: its commands are read out of the text and given to a shell.
// Must add nothing that the reader would have to know.

import { spawnSync } from 'node:child_process'
import t from 'tap'
import { temporaryFolder } from '../support/folders.ts'
import { freePort } from '../support/ports.ts'
import { runTutorial, script, sectionOf } from '../support/tutorial.ts'

t.setTimeout(120_000)

const skip = spawnSync('curl', ['--version']).error ? 'no curl on PATH' : false

t.test(
  'whoever follows the tutorial has a case delivered to the department by the evening',
  { skip },
  async (t) => {
    const [gateway, simulator] = [await freePort(), await freePort()]
    const { code, output } = await runTutorial(
      script(sectionOf('adapters/README.md', 'Connect a department in an afternoon')),
      {
        HOME: temporaryFolder('afternoon'),
        TONGBAN_PORT: String(gateway),
        SIMULATOR_PORT: String(simulator),
      },
    )

    t.equal(code, 0, code === 0 ? 'every command ends well' : output)
    t.match(output, /^7\d rules held, 0 broken/m, 'the new adapter passes the kit')
    t.match(output, /POST http:\/\/127\.0\.0\.1:\d+\/cases\n/, 'the request is shown before anything is sent')
    t.match(output, /x-signature: \*\*\* \(64 characters\)/)
    t.notMatch(output.replace(/^.*simulator: .*$/m, ''), /trial-secret/, 'no secret is shown')
    t.match(output, /✔ 凭证 credentials/, 'the check reaches the department')
    t.match(output, /"case_[0-9a-z]+":\{"reference":"S00000001"/, 'the department has the case')
    t.match(output, /"trees":2/, 'with what the citizen wrote')
    t.match(output, /"state":"reviewing"/, 'its report reached the case')
    t.match(output, /- {3}x-app-key: tongban\n.*\+ {3}x-app-key: tongban-2027/, 'the change is seen')
    t.match(output, /compared 1, same 0, different 1, failed 0/)
  },
)
