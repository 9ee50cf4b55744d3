// Materials of a plan that nobody is asked for, because another matter of the plan yields them, or one that an earlier
// submission settled well.

import type { Catalogue, MatterMaterial, ResultSource, ThemeMatter } from './catalogue.ts'
import type { Branch } from './redo.ts'
import { canServe } from './results.ts'

/** A material that nobody is asked for: what the matter `from` yields. */
export interface PlannedResult {
  code: string
  name: MatterMaterial['name']
  from: string
  certificateType?: string
  matters: string[]
}

/** Its matter is done as well, or was done before with a result that serves. */
export function resultFor(
  material: MatterMaterial,
  catalogue: Catalogue,
  chosen: readonly ThemeMatter[],
  redo: Branch | undefined,
): Omit<PlannedResult, 'matters'> | undefined {
  const { code, name, from } = material
  if (!from) return undefined
  const certificateType = certificateTypeOf(from, catalogue)
  const typed = certificateType === undefined ? {} : { certificateType }
  const earlier = redo?.satisfied.find((one) => one.matter === from.matter)?.result
  const comes = chosen.some((other) => other.matter === from.matter) || (earlier && canServe(earlier, typed))
  return comes ? { code, name, from: from.matter, ...typed } : undefined
}

function certificateTypeOf({ matter, result }: ResultSource, catalogue: Catalogue): string | undefined {
  if (typeof result === 'string') return result
  return catalogue.matters.get(matter)?.results[result - 1]?.certificateType
}

export function addResult(
  all: Map<string, PlannedResult>,
  result: Omit<PlannedResult, 'matters'>,
  matter: string,
): void {
  const known = all.get(result.code)
  if (known) known.matters.push(matter)
  else all.set(result.code, { ...result, matters: [matter] })
}
