// The failure questions of adapters that exchange files, asked over a folder that vanishes, with an attempt that is
// stopped, and twice.

import type { AdapterManifest } from '../contract.ts'
import { personsIn } from '../masking.ts'
import type { FailureRule } from './ask-questions.ts'
import type { Checker } from './checker.ts'
import { type FolderScene, setFolder } from './folder.ts'
import { ask, contentOf, outcomeOf } from './outgoing.ts'
import type { Sample, SampleFolder } from './sample.ts'

interface Question {
  name: string
  rule: string
  put(t: Checker, scene: FolderScene, sample: Sample): Promise<void>
}

const ofEverything: readonly Question[] = [
  {
    name: 'missing-folder',
    rule: 'a folder that is not there is unavailable, and surely nothing was sent',
    async put(t, scene, sample) {
      await scene.vanish()
      await isUnavailable(t, scene, sample)
    },
  },
  {
    name: 'stopped',
    rule: 'a stopped attempt is unavailable, and leaves nothing behind',
    async put(t, scene, sample) {
      const before = await scene.holds()
      await isUnavailable(t, scene, sample, AbortSignal.abort())
      t.same(await scene.holds(), before, 'the folder is as it was')
    },
  },
]

const ofOutgoing: readonly Question[] = [
  {
    name: 'again',
    rule: 'sent again it is a duplicate, and nothing is written twice',
    async put(t, scene, sample) {
      await ask(scene.adapter, sample, scene.attempt())
      const before = await scene.holds()
      const second = await outcomeOf(ask(scene.adapter, sample, scene.attempt({ number: 2 })))
      const receipt = 'receipt' in second ? (second.receipt as { duplicate?: boolean }) : undefined
      t.same(receipt?.duplicate, true, 'the second receipt is a duplicate')
      t.same(await scene.holds(), before, 'files in the folder')
    },
  },
  {
    name: 'found',
    rule: 'what was sent is found, what was not is surely not there',
    async put(t, scene, sample) {
      const look = () => outcomeOf(ask(scene.adapter, { ...sample, call: 'find' }, scene.attempt()))
      t.same(await look(), { receipt: null }, 'before')
      await ask(scene.adapter, sample, scene.attempt())
      const found = await look()
      t.ok('receipt' in found && found.receipt, 'after')
    },
  },
]

/** The questions that can be asked with this sample. */
export function rulesOfFolder(
  manifest: AdapterManifest,
  sample: Sample,
  settings: unknown,
  folder: SampleFolder,
): FailureRule[] {
  const asked = sample.asks || sample.call === 'find' ? ofEverything : [...ofEverything, ...ofOutgoing]
  // What is handed over is handed over for the first time.
  const { files: _, ...first } = sample
  const own = sample.asks ? sample : first
  return asked.map(({ name, rule, put }) => ({
    question: name,
    name: rule,
    async check(t) {
      const scene = await setFolder(manifest, own, settings, folder)
      try {
        await put(t, scene, own)
      } finally {
        await scene.close()
      }
    },
  }))
}

async function isUnavailable(
  t: Checker,
  scene: FolderScene,
  sample: Sample,
  signal?: AbortSignal,
): Promise<void> {
  const outcome = await outcomeOf(ask(scene.adapter, sample, scene.attempt(signal ? { signal } : {})))
  const failure: Record<string, unknown> = 'failure' in outcome ? outcome.failure : {}
  t.same([failure.kind, failure.sent], ['unavailable', false], `unavailable (${failure.summary})`)
  const personal = personsIn(contentOf(sample)).filter((text) => String(failure.summary).includes(text))
  t.same(personal, [], 'the summary tells no personal data')
}
