// What one theme says of its matters and situations: all of them exist, conditions can come true, and no matter
// waits for itself. Reports only.

import { nearest } from '../domain/nearest.ts'
import { kinds, refer, referOnce } from '../settings/references.ts'
import { compileSchema } from '../settings/schemas.ts'
import { checkResultsBetween } from './check-results.ts'
import { findCycle } from './cycle.ts'
import type { AllEntries, Entry, MatterEntry, ThemeEntry } from './entries.ts'

type Theme = Entry<ThemeEntry>
type SituationEntry = NonNullable<ThemeEntry['situations']>[number]

/** One theme with the materials of its matters. */
export function checkTheme(theme: Theme, entries: AllEntries): void {
  checkSituations(theme)
  checkForm(theme)
  const seen = new Map<string, string>()
  for (const [index, entry] of theme.data.matters.entries()) {
    const at = `${theme.pointer}/matters/${index}`
    referOnce(seen, theme.source, `${at}/matter`, kinds.matter, entry.matter)
    checkCondition(theme, theme, `${at}/when`, entry.when)
    if (!refer(theme.source, `${at}/matter`, kinds.matter, entry.matter, entries.matters)) continue
    checkUsesOf(theme, entries.matters.get(entry.matter)!)
  }
  checkOrder(theme)
  checkSharedSources(theme, entries)
  checkResultsBetween(theme, entries)
}

/** A material given once must suit every matter of the theme that uses it. */
function checkSharedSources(theme: Theme, entries: AllEntries): void {
  const common = new Map<string, readonly string[]>()
  for (const { matter: code } of theme.data.matters) {
    const matter = entries.matters.get(code)
    for (const [index, use] of (matter?.data.materials ?? []).entries()) {
      const sources = use.sources ?? entries.materials.get(use.material)?.data.sources ?? []
      const both = (common.get(use.material) ?? sources).filter((each) => sources.some((it) => it === each))
      common.set(use.material, both)
      if (both.length > 0 || sources.length === 0) continue
      matter!.source.report(
        `${matter!.pointer}/materials/${index}/sources`,
        `In theme ${theme.data.code} other matters take ${use.material} only from other sources`,
        `主题 ${theme.data.code} 的其他事项只接受其他来源的材料 ${use.material}`,
      )
    }
  }
}

function checkOrder({ data, source, pointer }: Theme): void {
  const after = new Map(data.matters.map((entry) => [entry.matter, entry.after ?? []]))
  for (const [index, entry] of data.matters.entries()) {
    for (const [number, code] of (entry.after ?? []).entries()) {
      if (after.has(code)) continue
      const near = nearest(code, after.keys())
      source.report(
        `${pointer}/matters/${index}/after/${number}`,
        `Theme ${data.code} has no matter ${code} to wait for${near ? `; did you mean ${near}?` : ''}`,
        `主题 ${data.code} 中没有前置事项 ${code}${near ? `，是否为 ${near}？` : ''}`,
      )
    }
  }
  const cycle = findCycle(after)
  if (!cycle) return
  const start = data.matters.findIndex((entry) => entry.matter === cycle[0])
  const path = cycle.join(' → ')
  source.report(
    `${pointer}/matters/${start}/after`,
    `Matters wait for one another in a circle: ${path}`,
    `事项循环依赖：${path}`,
  )
}

function checkSituations({ data, source, pointer }: Theme): void {
  const seen = new Map<string, string>()
  for (const [index, situation] of (data.situations ?? []).entries()) {
    const at = `${pointer}/situations/${index}`
    referOnce(seen, source, `${at}/code`, { en: 'situation', zh: '情形' }, situation.code)
    if ((situation.type === 'choice') !== (situation.choices !== undefined)) {
      source.report(
        at,
        `Situation ${situation.code}: a choice has choices, a boolean has none`,
        `情形 ${situation.code}：choice 必须列出 choices，boolean 则不得列出`,
      )
    } else if (situation.default !== undefined && !valuesOf(situation).includes(situation.default)) {
      source.report(`${at}/default`, ...notAnAnswer(situation, situation.default))
    }
  }
}

function checkForm({ data, source, pointer }: Theme): void {
  if (data.form === undefined) return
  try {
    compileSchema(data.form)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    source.report(
      `${pointer}/form`,
      `form is not a JSON Schema (2020-12): ${reason}`,
      `form 不是有效的 JSON Schema (2020-12)：${reason}`,
    )
  }
}

/** A matter's conditions must be answerable in each theme that has the matter. */
function checkUsesOf(theme: Theme, matter: Entry<MatterEntry>): void {
  for (const [index, use] of (matter.data.materials ?? []).entries()) {
    checkCondition(theme, matter, `${matter.pointer}/materials/${index}/when`, use.when)
  }
}

function checkCondition(
  theme: Theme,
  place: Pick<Theme, 'source'>,
  pointer: string,
  condition: Readonly<Record<string, unknown>> | undefined,
): void {
  const situations = theme.data.situations ?? []
  for (const [code, wanted] of Object.entries(condition ?? {})) {
    const situation = situations.find((each) => each.code === code)
    const at = `${pointer}/${code}`
    if (!situation) {
      place.source.report(at, ...noSituation(theme.data, code), 'key')
      continue
    }
    const allowed = valuesOf(situation)
    const wrong = [wanted].flat().find((value) => !allowed.includes(value as string))
    if (wrong !== undefined) place.source.report(at, ...notAnAnswer(situation, wrong))
  }
}

function valuesOf(situation: SituationEntry): (boolean | string)[] {
  if (situation.type === 'boolean') return [true, false]
  return (situation.choices ?? []).map((choice) => choice.value)
}

function notAnAnswer(situation: SituationEntry, value: unknown): [string, string] {
  const allowed = valuesOf(situation).join(', ')
  return [
    `${value} is no answer to situation ${situation.code}; answers are ${allowed}`,
    `${value} 不是情形 ${situation.code} 的答案，可为：${allowed}`,
  ]
}

function noSituation(theme: ThemeEntry, code: string): [string, string] {
  const near = nearest(
    code,
    (theme.situations ?? []).map((each) => each.code),
  )
  return [
    `Theme ${theme.code} has no situation ${code}${near ? `; did you mean ${near}?` : ''}`,
    `主题 ${theme.code} 没有情形 ${code}${near ? `，是否为 ${near}？` : ''}`,
  ]
}
