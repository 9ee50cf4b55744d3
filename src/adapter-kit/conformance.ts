// The conformance kit: one call proves an adapter. It runs every sample against a real HTTP server through the real
// client, then asks the failure questions that hold for every system.

import type { Checker } from './conformance/checker.ts'
import { type Rule, ruleGroups } from './conformance/rules.ts'
import { readSamples } from './conformance/sample.ts'
import { readManifest } from './load.ts'

export type { Checker } from './conformance/checker.ts'
export {
  type ConformanceReport,
  conformanceReport,
  type ReportedGroup,
  type ReportedRule,
} from './conformance/report.ts'

/**
 * @param t a test of tap, or anything that can check
 * @param folder the adapter's folder, ending in '/': manifest.ts and samples/*.json (settings.json holds common settings)
 */
export async function adapterConformance(t: Checker, folder: URL): Promise<void> {
  const manifest = await readManifest(folder)
  for (const { about, rules, failures } of ruleGroups(manifest, await readSamples(folder))) {
    await runAll(t, rules)
    if (failures.length > 0) await t.test(`${about} when the other side fails`, (t) => runAll(t, failures))
  }
}

async function runAll(t: Checker, rules: readonly Rule[]): Promise<void> {
  for (const { name, check } of rules) await t.test(name, check)
}
