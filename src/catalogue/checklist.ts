// What an applicant is told: one theme, and the checklist of one combination (按标提交、照单收件).
// Pure: the same plan that a submission is checked against, with names, limits and places added.

import type { ChecklistAnswer, ThemeAnswer } from '../../schemas/types.ts'
import { mayCollect } from '../domain/authority.ts'
import type { Catalogue, Names, Theme } from '../domain/catalogue.ts'
import { findDivision, type Plan, type PlanRequest } from '../domain/plan.ts'
import type { Hall } from '../settings/settings.ts'

/** One theme with its matters' names, for those who choose. */
export function describeTheme(catalogue: Catalogue, theme: Theme): ThemeAnswer {
  const { code, name, applicant, modes, situations, form } = theme
  return {
    code,
    name,
    applicant,
    modes,
    situations,
    ...(form === undefined ? {} : { form }),
    matters: theme.matters.flatMap(({ matter: matterCode, after, when, optional }) => {
      const matter = catalogue.matters.get(matterCode)
      if (!matter) return []
      const department = departmentName(catalogue, matter.department)
      const names = { matter: matterCode, name: matter.name, department, modes: matter.modes }
      return [{ ...names, after, optional: optional ?? false, ...(when === undefined ? {} : { when }) }]
    }),
    version: catalogue.version,
    effectiveFrom: catalogue.effectiveFrom,
  }
}

/**
 * Exactly which matters, materials, form and places. `planned` is the plan of `request`, without problems;
 * `today` (ISO date, China) decides which windows are authorised.
 */
export function checklist(
  catalogue: Catalogue,
  request: PlanRequest,
  planned: Plan,
  halls: Iterable<Hall>,
  today: string,
): ChecklistAnswer {
  const theme = catalogue.themes.get(request.theme)!
  const home = findDivision(catalogue, request.homeDivision)!
  return {
    theme: theme.code,
    name: theme.name,
    homeDivision: { code: home.code, name: home.name },
    mode: request.mode,
    situations: planned.situations,
    matters: planned.cases.map(({ matter: code, mode, after, optional }) => {
      const { name, department, legalLimit, promisedLimit, results } = catalogue.matters.get(code)!
      const owner = departmentName(catalogue, department)
      return {
        matter: code,
        name,
        department: owner,
        mode,
        after,
        optional,
        legalLimit,
        promisedLimit,
        results,
      }
    }),
    materials: planned.materials,
    results: planned.results,
    ...(theme.form === undefined ? {} : { form: theme.form }),
    places: placesFor(planned, home.code, halls, today),
    version: catalogue.version,
  }
}

/**
 * For each mode that needs a hall, those that may take every matter in that mode; what goes online needs
 * none. Any hall may take it for the applicant; an appointment is kept where the case is decided.
 */
function placesFor(
  planned: Plan,
  home: string,
  halls: Iterable<Hall>,
  today: string,
): ChecklistAnswer['places'] {
  const all = [...halls]
  return (['agent', 'appointment'] as const).flatMap((mode) => {
    const matters = planned.cases.filter((each) => each.mode === mode).map(({ matter }) => matter)
    if (matters.length === 0) return []
    const near = mode === 'appointment' ? all.filter(({ division }) => division === home) : all
    return near.flatMap((hall) => {
      const windows = hall.windows.filter((window) =>
        matters.every((matter) => mayCollect(window, matter, today)),
      )
      if (windows.length === 0) return []
      const { code, name, division, address, phone } = hall
      return [
        { mode, matters, code, name, division, address, phone, windows: windows.map((one) => one.code) },
      ]
    })
  })
}

function departmentName(catalogue: Catalogue, code: string): Names {
  return catalogue.departments.get(code)?.name ?? { zh: code, en: code }
}
