// The conformance kit: one call proves an adapter. It runs every sample against a real HTTP server through the real
// client, then asks the failure questions that hold for every system.

import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { askQuestions } from './conformance/ask-questions.ts'
import type { Checker } from './conformance/checker.ts'
import { refusesGarbage, runIncoming } from './conformance/incoming.ts'
import { runOutgoing } from './conformance/outgoing.ts'
import { readSamples, type Sample, type SampleFolder, settingsOf } from './conformance/sample.ts'
import type { AdapterManifest } from './contract.ts'
import { readManifest } from './load.ts'

export type { Checker } from './conformance/checker.ts'

/**
 * @param t a test of tap, or anything that can check
 * @param folder the adapter's folder, ending in '/': manifest.ts and samples/*.json (settings.json holds common settings)
 */
export async function adapterConformance(t: Checker, folder: URL): Promise<void> {
  const manifest = await readManifest(folder)
  const samples = await readSamples(folder)
  await t.test('its settings and statuses are well declared', async (t) =>
    checkManifest(t, manifest, samples),
  )
  for (const { file, sample } of samples.samples) {
    const run = sample.incoming ? runIncoming : runOutgoing
    await t.test(`${file}: ${sample.title}`, (t) => run(t, manifest, sample, settingsOf(samples, sample)))
  }
  for (const sample of typicalSends(samples)) {
    await t.test(`${sample.operation} when its system fails`, (t) =>
      askQuestions(t, manifest, sample, settingsOf(samples, sample)),
    )
  }
  const message = samples.samples.find(({ sample }) => sample.incoming && !sample.expect.failure)?.sample
  if (message && message.failureQuestions !== false) {
    await t.test('a message of garbage', (t) =>
      refusesGarbage(t, manifest, message, settingsOf(samples, message)),
    )
  }
}

function checkManifest(t: Checker, manifest: AdapterManifest, folder: SampleFolder): void {
  const ajv = new Ajv2020({ allErrors: true, strict: false })
  addFormats.default(ajv)
  const fits = ajv.compile(manifest.settings)
  for (const { file, sample } of folder.samples) {
    t.ok(
      fits(settingsOf(folder, sample)),
      `settings of ${file} fit the schema: ${ajv.errorsText(fits.errors)}`,
    )
  }
  const codes = (manifest.statuses ?? []).map(({ code }) => code)
  t.same(codes, [...new Set(codes)], 'each status is declared once')
  t.ok(
    (manifest.statuses ?? []).every(({ meaning }) => meaning.zh && meaning.en),
    'each status has a meaning in both languages',
  )
}

/** The first sample of each operation that ends well: the questions are asked with it. */
function typicalSends(folder: SampleFolder): Sample[] {
  const first = new Map<string, Sample>()
  for (const { sample } of folder.samples) {
    const { operation, call, expect, failureQuestions } = sample
    if (!operation || call === 'find' || !expect.receipt || failureQuestions === false) continue
    if (!first.has(operation)) first.set(operation, sample)
  }
  return [...first.values()]
}
