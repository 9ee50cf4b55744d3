// Plans made before. Cities have few themes, divisions and situations, and many applicants: nearly every submission asks
// for a plan that was made for somebody else. A plan is frozen when it is kept, for it is handed out again.

import type { Catalogue } from './catalogue.ts'
import { type Plan, type PlanRequest, plan } from './plan.ts'

/** Of one catalogue. */
const MOST = 2_000

const made = new WeakMap<Catalogue, Map<string, Plan>>()

/** The same as `plan`. What cannot be submitted, or redoes another submission, is made anew each time. */
export function rememberedPlan(catalogue: Catalogue, request: PlanRequest): Plan {
  if (request.redo) return plan(catalogue, request)
  const known = plansOf(catalogue)
  const key = keyOf(request)
  const before = known.get(key)
  if (before) return before
  const fresh = plan(catalogue, request)
  if (fresh.problems.length > 0) return fresh
  if (known.size >= MOST) known.clear()
  known.set(key, frozen(fresh))
  return fresh
}

function plansOf(catalogue: Catalogue): Map<string, Plan> {
  let known = made.get(catalogue)
  if (!known) {
    known = new Map()
    made.set(catalogue, known)
  }
  return known
}

const keyOf = ({ theme, homeDivision, mode, situations, modes }: PlanRequest): string =>
  JSON.stringify([theme, homeDivision, mode, situations, modes])

/** What the catalogue lent the plan is frozen already, or not the plan's to change. */
function frozen(one: Plan): Plan {
  for (const list of [one.cases, one.materials, one.results]) {
    for (const each of list) Object.freeze(each)
    Object.freeze(list)
  }
  for (const { after } of one.cases) Object.freeze(after)
  for (const { matters } of [...one.materials, ...one.results]) Object.freeze(matters)
  Object.freeze(one.situations)
  return Object.freeze(one)
}
