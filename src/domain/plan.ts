// Which matters and which materials, exactly: the same answer for the checklist that an applicant reads
// and for the submission that is checked against it. Pure: no clock, no settings, no side effects.

import type {
  Catalogue,
  Condition,
  Division,
  MaterialSource,
  Matter,
  MatterMaterial,
  Mode,
  Situation,
  Theme,
  ThemeMatter,
} from './catalogue.ts'
import type { PlanProblem } from './plan-problems.ts'
import * as troubles from './plan-problems.ts'
import { addResult, type PlannedResult, resultFor } from './plan-results.ts'
import type { Branch } from './redo.ts'

export type { PlanProblem } from './plan-problems.ts'
export type { PlannedResult } from './plan-results.ts'

export interface PlanRequest {
  theme: string
  /** Six-digit code where the cases are decided; old codes are understood. */
  homeDivision: string
  mode: Mode
  /** Answers by situation code. Those with a default may be left out. */
  situations?: Readonly<Record<string, unknown>>
  /** Another mode for single matters. */
  modes?: Readonly<Record<string, Mode>>
  /** Only this branch of an earlier submission is done, again. */
  redo?: Branch
}

interface PlannedCase {
  matter: string
  /** The system that decides it in the home division. */
  system: string
  /** Matters of this plan that must be approved first. */
  after: string[]
  /** As asked; online where the matter does not offer what was asked for the whole theme. */
  mode: Mode
  /** The submission succeeds without it. */
  optional: boolean
}

/** A material that one or several cases of the plan need; given once, it serves all of them. */
export interface PlannedMaterial extends Omit<MatterMaterial, 'when' | 'from'> {
  matters: string[]
}

export interface Plan {
  /** In the theme's order, so that a matter comes after those it waits for when the theme lists it so. */
  cases: PlannedCase[]
  materials: PlannedMaterial[]
  results: PlannedResult[]
  /** The answers with defaults filled in. */
  situations: Record<string, boolean | string>
  /** Empty when the request can be submitted. The rest is still as complete as can be said. */
  problems: PlanProblem[]
}

/** Cases and materials of a request, with all problems at once. Never throws. */
export function plan(catalogue: Catalogue, request: PlanRequest): Plan {
  const theme = catalogue.themes.get(request.theme)
  if (!theme) {
    return {
      cases: [],
      materials: [],
      results: [],
      situations: {},
      problems: [troubles.unknownTheme(catalogue, request.theme)],
    }
  }
  const problems: PlanProblem[] = []
  const division = findDivision(catalogue, request.homeDivision)
  if (!division) problems.push(troubles.unknownDivision(request.homeDivision))
  if (!theme.modes.includes(request.mode)) problems.push(troubles.themeWithoutMode(theme, request.mode))
  const situations = answer(theme, request.situations ?? {}, problems)

  const chosen = theme.matters.filter(
    (entry) => holds(entry.when, situations) && (request.redo?.matters.includes(entry.matter) ?? true),
  )
  if (chosen.length === 0 && request.redo) problems.push(troubles.nothingToRedo())
  else if (chosen.length === 0 && problems.length === 0) problems.push(troubles.nothingChosen(theme))
  checkModes(request, chosen, problems)
  const cases: PlannedCase[] = []
  const materials = new Map<string, PlannedMaterial>()
  const results = new Map<string, PlannedResult>()
  for (const entry of chosen) {
    const matter = catalogue.matters.get(entry.matter)
    if (!matter) continue
    const planned = planCase(matter, entry, theme, chosen, request, division, problems)
    if (planned) cases.push(planned)
    for (const material of matter.materials) {
      if (!holds(material.when, situations)) continue
      const result = resultFor(material, catalogue, chosen, request.redo)
      if (result) addResult(results, result, matter.code)
      else addMaterial(materials, material, matter.code)
    }
  }
  return {
    cases,
    materials: [...materials.values()],
    results: [...results.values()],
    situations,
    problems,
  }
}

const byCode = new WeakMap<Plan, ReadonlyMap<string, PlannedMaterial>>()

/** The plan's materials by their codes. */
export function materialsOf(one: Plan): ReadonlyMap<string, PlannedMaterial> {
  let materials = byCode.get(one)
  if (!materials) {
    materials = new Map(one.materials.map((material) => [material.code, material]))
    byCode.set(one, materials)
  }
  return materials
}

/** True when every situation named has the value, or one of the values. No condition always holds. */
export function holds(
  condition: Condition | undefined,
  situations: Readonly<Record<string, unknown>>,
): boolean {
  if (!condition) return true
  for (const code in condition) {
    const wanted = condition[code]!
    const given = situations[code]
    const equal = typeof wanted === 'object' ? wanted.includes(given as string) : wanted === given
    if (!equal) return false
  }
  return true
}

/** By its code or one of its old codes. */
export function findDivision(catalogue: Catalogue, code: string): Division | undefined {
  const direct = catalogue.divisions.get(code)
  if (direct) return direct
  for (const division of catalogue.divisions.values()) if (division.aliases.includes(code)) return division
  return undefined
}

/** The system that decides a matter in a division; undefined when the matter is not offered there. */
function systemFor(matter: Matter, division: string): string | undefined {
  return matter.systems.get(division) ?? matter.systems.get('*')
}

function planCase(
  matter: Matter,
  entry: ThemeMatter,
  theme: Theme,
  chosen: ThemeMatter[],
  request: PlanRequest,
  division: Division | undefined,
  problems: PlanProblem[],
): PlannedCase | undefined {
  const mode = modeOf(matter, request)
  if (!mode) {
    problems.push(troubles.matterWithoutMode(matter, request.modes?.[matter.code] ?? request.mode))
    return undefined
  }
  if (!division) return undefined
  const system = systemFor(matter, division.code)
  if (system === undefined) {
    problems.push(troubles.matterNotOffered(matter, division))
    return undefined
  }
  const after = waitsFor(entry, theme, chosen)
  return { matter: matter.code, system, after, mode, optional: entry.optional ?? false }
}

/** A mode asked for one matter is taken literally; the theme's mode gives way to online. */
function modeOf(matter: Matter, request: PlanRequest): Mode | undefined {
  const own = request.modes?.[matter.code]
  if (own) return matter.modes.includes(own) ? own : undefined
  if (matter.modes.includes(request.mode)) return request.mode
  return matter.modes.includes('online') ? 'online' : undefined
}

/** A matter that this plan leaves out is replaced by what it would have waited for itself. */
function waitsFor(entry: ThemeMatter, theme: Theme, chosen: ThemeMatter[]): string[] {
  const found = new Set<string>()
  const visit = (codes: readonly string[]): void => {
    for (const code of codes) {
      if (chosen.some((other) => other.matter === code)) found.add(code)
      else visit(theme.matters.find((other) => other.matter === code)?.after ?? [])
    }
  }
  visit(entry.after)
  return [...found]
}

/** Required if any matter requires it, and from the sources that all of them take. */
function addMaterial(all: Map<string, PlannedMaterial>, material: MatterMaterial, matter: string): void {
  const known = all.get(material.code)
  if (!known) {
    const { when: _, from: _from, ...rest } = material
    all.set(material.code, { ...rest, matters: [matter] })
    return
  }
  if (!known.matters.includes(matter)) known.matters.push(matter)
  known.required ||= material.required
  known.holdsCase ||= material.holdsCase
  known.windowMayVerify &&= material.windowMayVerify
  known.uploadInstead &&= material.uploadInstead
  known.sources = known.sources.filter((source: MaterialSource) => material.sources.includes(source))
  known.mediaTypes = known.mediaTypes.filter((type) => material.mediaTypes.includes(type))
  known.maxBytes = Math.min(known.maxBytes, material.maxBytes)
}

function answer(
  theme: Theme,
  given: Readonly<Record<string, unknown>>,
  problems: PlanProblem[],
): Record<string, boolean | string> {
  const answers: Record<string, boolean | string> = {}
  for (const situation of theme.situations) {
    const value = Object.hasOwn(given, situation.code) ? given[situation.code] : undefined
    if (value === undefined || value === null) {
      if (situation.default !== undefined) answers[situation.code] = situation.default
      else if (situation.required) problems.push(troubles.situationMissing(situation))
    } else if (fits(situation, value)) answers[situation.code] = value
    else problems.push(troubles.situationWrong(situation))
  }
  for (const code of Object.keys(given)) {
    if (!theme.situations.some((situation) => situation.code === code)) {
      problems.push(troubles.situationUnknown(theme, code))
    }
  }
  return answers
}

function fits(situation: Situation, value: unknown): value is boolean | string {
  if (situation.type === 'boolean') return typeof value === 'boolean'
  return (situation.choices ?? []).some((choice) => choice.value === value)
}

function checkModes(request: PlanRequest, chosen: ThemeMatter[], problems: PlanProblem[]): void {
  for (const code of Object.keys(request.modes ?? {})) {
    if (chosen.some((entry) => entry.matter === code)) continue
    problems.push(troubles.matterNotPlanned(code))
  }
}
