// What an adapter offers, by the settings of its samples, and what of it no sample shows: an operation
// without a sample is asked nothing, so it may do anything.

import type { Adapter, AdapterManifest, Operation } from '../contract.ts'
import { AdapterFailure } from '../failures.ts'
import { type Sample, type SampleFolder, settingsOf } from './sample.ts'

/** Names of what is offered and never sampled, in the words of samples. */
export async function unsampled(manifest: AdapterManifest, folder: SampleFolder): Promise<string[]> {
  const offered = new Set<string>()
  const all = [folder.settings, ...folder.samples.map(({ sample }) => settingsOf(folder, sample))]
  for (const settings of new Map(all.map((one) => [JSON.stringify(one), one])).values())
    for (const name of await offeredWith(manifest, settings)) offered.add(name)
  const sampled = new Set(folder.samples.map(({ sample }) => nameOf(sample)))
  return [...offered].filter((name) => !sampled.has(name) && canBeSampled(name, folder)).sort()
}

/** An adapter that speaks neither HTTP nor files can only show what it would do. */
function canBeSampled(name: string, { conformance }: SampleFolder): boolean {
  return conformance.http || Boolean(conformance.folder) || name.startsWith('operation ')
}

function nameOf({ operation, call, asks }: Sample): string {
  if (operation) return call === 'find' ? `find of ${operation}` : `operation ${operation}`
  return asks ? `asks ${asks}` : 'incoming'
}

/** Settings that make no sense together are a sample's own matter. */
async function offeredWith(manifest: AdapterManifest, settings: unknown): Promise<string[]> {
  try {
    const adapter = manifest.create(settings)
    await adapter.close?.()
    return namesIn(adapter)
  } catch (error) {
    if (error instanceof AdapterFailure) return []
    throw error
  }
}

function namesIn({ outgoing, incoming, polling, tracking, listing, questions }: Adapter): string[] {
  const operations = Object.keys(outgoing) as Operation[]
  return [
    ...operations.filter((one) => outgoing[one]).map((one) => `operation ${one}`),
    ...operations.filter((one) => outgoing[one]?.find).map((one) => `find of ${one}`),
    ...Object.keys(questions ?? {}).map((one) => `asks ${one}`),
    ...(incoming ? ['incoming'] : []),
    ...(polling ? ['asks poll'] : []),
    ...(tracking ? ['asks track'] : []),
    ...(listing ? ['asks list'] : []),
  ]
}
