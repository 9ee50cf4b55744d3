// A sample of an adapter that is not spoken to by HTTP: what it would do, line by line, as `preview` tells it.

import type { AdapterManifest, Operation } from '../contract.ts'
import type { Checker } from './checker.ts'
import { fitted } from './compare.ts'
import { contentOf } from './outgoing.ts'
import type { Sample } from './sample.ts'
import { setStage } from './stage.ts'

const NOBODY = 'http://127.0.0.1:9'

export async function runPreview(
  t: Checker,
  manifest: AdapterManifest,
  sample: Sample,
  settings: unknown,
): Promise<void> {
  const stage = setStage(manifest, settings, NOBODY)
  try {
    const { preview } = stage.adapter
    const wanted = sample.expect.preview
    if (!preview) return void t.ok(false, 'an adapter without HTTP tells by preview what it would do')
    if (!wanted) return void t.ok(false, 'a sample of an adapter without HTTP expects a preview')
    const lines = await preview(sample.operation as Operation, contentOf(sample), stage.attempt())
    t.same([...lines], fitted(wanted, [...lines]), 'preview')
  } finally {
    await stage.close()
  }
}
