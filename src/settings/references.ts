// Codes in one file that must exist in another. Says which one is meant when it is nearly right. Periods,
// that run forwards.

import type { AdapterKind } from '../adapter-kit/contract.ts'
import { nearest } from '../domain/nearest.ts'
import type { Source } from './yaml-source.ts'

/** Ids of config/systems with the kind of their adapter; undefined when the adapter is not known. */
export type KnownSystems = ReadonlyMap<string, AdapterKind | undefined>

/** One thing that is referred to, named in both languages. */
interface Kind {
  en: string
  zh: string
  /** Where it is defined. */
  place: string
}

export const kinds = {
  division: { en: 'division', zh: '行政区划', place: 'config/matters' },
  department: { en: 'department', zh: '部门', place: 'config/matters' },
  theme: { en: 'theme', zh: '主题', place: 'config/matters' },
  matter: { en: 'matter', zh: '事项', place: 'config/matters' },
  material: { en: 'material', zh: '材料', place: 'config/matters' },
  certificateType: { en: 'certificate type', zh: '证照类型', place: 'config/matters' },
  system: { en: 'system', zh: '对接系统', place: 'config/systems' },
  client: { en: 'client', zh: '客户端', place: 'config/gateway.yaml' },
  adapter: { en: 'adapter', zh: '适配器', place: 'adapters/' },
} as const satisfies Record<string, Kind>

/** True when `code` is known; otherwise it is reported with the nearest known one. */
export function refer(
  source: Source,
  pointer: string,
  kind: Kind,
  code: string,
  known: { has(code: string): boolean; keys(): Iterable<string> },
): boolean {
  if (known.has(code)) return true
  const near = nearest(code, known.keys())
  source.report(
    pointer,
    `There is no ${kind.en} ${code} in ${kind.place}${near ? `; did you mean ${near}?` : ''}`,
    `${kind.place} 中没有${kind.zh} ${code}${near ? `，是否为 ${near}？` : ''}`,
  )
  return false
}

/** Like `refer`, for a system that must be of one kind. */
export function referSystem(
  source: Source,
  pointer: string,
  id: string,
  systems: KnownSystems,
  kind: AdapterKind,
): boolean {
  if (!refer(source, pointer, kinds.system, id, systems)) return false
  const actual = systems.get(id)
  if (actual === undefined || actual === kind) return true
  source.report(
    pointer,
    `System ${id} is of kind ${actual}; here a ${kind} is needed`,
    `系统 ${id} 的类型是 ${actual}，此处需要 ${kind}`,
  )
  return false
}

/** Divisions of the catalogue; '*' stands for all. Nothing is said while the catalogue itself has problems. */
export function referDivisions(
  source: Source,
  pointer: string,
  codes: readonly string[],
  divisions: ReadonlyMap<string, unknown> | undefined,
): void {
  if (!divisions) return
  for (const [index, code] of codes.entries()) {
    if (code !== '*') refer(source, `${pointer}/${index}`, kinds.division, code, divisions)
  }
}

/** Reports every second entry of the same name; `where` tells of the first. */
export function referOnce(
  seen: Map<string, string>,
  source: Source,
  pointer: string,
  kind: { en: string; zh: string },
  code: string,
): boolean {
  const first = seen.get(code)
  if (first === undefined) {
    seen.set(code, source.name)
    return true
  }
  source.report(
    pointer,
    `The ${kind.en} ${code} is described twice; the first is in ${first}`,
    `${kind.zh} ${code} 重复定义，首次定义在 ${first}`,
  )
  return false
}

/** Reports a period that ends before it begins. Days are yyyy-MM-dd. */
export function checkSpan(source: Source, pointer: string, span: { from: string; to: string }): void {
  if (span.from <= span.to) return
  source.report(`${pointer}/to`, `to is before from (${span.from})`, `截止日早于起始日 ${span.from}`)
}
