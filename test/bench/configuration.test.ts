import t, { type Test } from 'tap'
import { loadAdapters } from '../../src/adapter-kit/load.ts'
import { checkSubmission } from '../../src/intake/check-submission.ts'
import { normaliseSubmission } from '../../src/intake/normalise/index.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { removeFolder, temporaryFolder } from '../support/folders.ts'
import { names, submissionBody } from './bodies.ts'
import { configurationEnvironment, writeConfiguration } from './configuration.ts'

async function benchSettings(t: Test, mapped = false) {
  const folder = temporaryFolder('bench-configuration')
  t.teardown(() => removeFolder(folder))
  writeConfiguration(`${folder}/config`, 7800, mapped)
  return loadSettings({
    configDir: `${folder}/config`,
    dataDir: `${folder}/data`,
    env: { ...configurationEnvironment },
    adapters: await loadAdapters([new URL('../../adapters/', import.meta.url)]),
  })
}

t.test('the bench measures a gateway whose configuration is valid', async (t) => {
  await benchSettings(t, true)
  const settings = await benchSettings(t)
  t.strictSame([...settings.systems.keys()].sort(), [names.department, names.platform])
  t.strictSame([...settings.catalogue.themes.keys()].sort(), [
    names.checklistTheme,
    names.intakeTheme,
    names.relayTheme,
  ])
})

t.test('every submission of the bench is one that the gateway accepts', async (t) => {
  const { catalogue, halls } = await benchSettings(t)
  for (const theme of [names.relayTheme, names.intakeTheme]) {
    const raw = JSON.parse(submissionBody('B1-1', theme))
    const { errors } = checkSubmission(normaliseSubmission(raw, catalogue), {
      catalogue,
      halls,
      city: null,
      now: new Date(),
    })
    t.strictSame(errors, [])
  }
})
