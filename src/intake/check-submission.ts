// Whether a normalised submission may be accepted, with all its faults at once: schema, catalogue, form, materials,
// applicant, client, window, slot. Pure; stores nothing and asks no system. Used by intake and by …/check alike.

import type { CanonicalSubmission } from '../../schemas/types.ts'
import { isRecord } from '../adapter-kit/loose-json.ts'
import type { Catalogue, Mode } from '../domain/catalogue.ts'
import type { Plan, PlanRequest } from '../domain/plan.ts'
import { unknownTheme } from '../domain/plan-problems.ts'
import { dayInChina } from '../domain/present.ts'
import type { Branch } from '../domain/redo.ts'
import { rememberedPlan } from '../domain/remembered-plans.ts'
import { allOf, type FieldError, noFaults } from '../http/field-error.ts'
import { type Problem, problem } from '../http/problems.ts'
import type { City, Client, Hall } from '../settings/settings.ts'
import { checkDelivery } from './addresses.ts'
import { checkMaterials } from './check-materials.ts'
import {
  checkAgent,
  checkApplicant,
  checkAppointment,
  checkClient,
  checkReturnHall,
  checkUnexpected,
  checkVerifiedTimes,
} from './check-people.ts'
import { checkRedo } from './check-redo.ts'
import { checkForm, checkSchema } from './check-schema.ts'
import type { NormalisedSubmission } from './normalise/index.ts'
import type { Earlier } from './redo.ts'

export interface CheckContext {
  catalogue: Catalogue
  halls: ReadonlyMap<string, Hall>
  city: City | null
  /** Who submits; left out where the divisions of the caller do not matter. */
  client?: Client
  /** For authorisations with dates. */
  now: Date
  /** What `redoes` names, read beforehand; null: there is no such submission. */
  earlier?: Earlier | null
}

export type CheckedSubmission =
  | { submission: CanonicalSubmission; plan: Plan; redo?: Branch; errors: readonly [] }
  | { submission?: undefined; plan?: Plan; readable?: Readable; errors: readonly FieldError[] }

/** Of a submission with faults, what can be read all the same: the members that are whole. */
export interface Readable {
  submission: CanonicalSubmission
  whole(...members: (keyof CanonicalSubmission)[]): boolean
}

/** The submission with its plan, or every fault found. Never throws. */
export function checkSubmission(normalised: NormalisedSubmission, context: CheckContext): CheckedSubmission {
  const { submission } = normalised
  if (submission === undefined) return { errors: normalised.errors }
  const broken = checkSchema(submission)
  const redo = checkRedoOf(submission, broken, context)
  const planned = planOf(submission, context.catalogue, redo.branch)
  const found = allOf([
    broken,
    planned?.problems ?? checkTheme(submission.theme, context.catalogue),
    checkFormOf(submission, context.catalogue),
    redo.errors,
    planned === undefined ? noFaults : checkMeaning(submission, broken, planned, context),
  ])
  const errors = merge(normalised.errors, found)
  if (planned !== undefined && errors.length === 0) {
    const checked = submission as unknown as CanonicalSubmission
    return { submission: checked, plan: planned, ...(redo.branch ? { redo: redo.branch } : {}), errors: [] }
  }
  const readable = readableOf(submission, [...normalised.errors, ...broken])
  return { ...(planned === undefined ? {} : { plan: planned }), readable, errors }
}

function readableOf(submission: Record<string, unknown>, broken: readonly FieldError[]): Readable {
  return {
    submission: submission as unknown as CanonicalSubmission,
    whole: (...members) => members.every((name) => !broken.some((error) => isWithin(error, name))),
  }
}

const noRedo: ReturnType<typeof checkRedo> = { errors: [] }

function checkRedoOf(
  submission: Record<string, unknown>,
  broken: readonly FieldError[],
  { earlier, client, catalogue }: CheckContext,
): ReturnType<typeof checkRedo> {
  if (earlier === undefined || broken.some((error) => isWithin(error, 'redoes'))) return noRedo
  return checkRedo(submission, earlier, client?.platform, catalogue)
}

/**
 * The refusal for these errors: 403 when the division alone is wrong, 409 when only another redo is in the
 * way, else 422.
 */
export function submissionProblem(errors: readonly FieldError[]): Problem {
  const all = (code: string) => errors.length > 0 && errors.every((error) => error.code === code)
  if (all('redo-taken')) return problem('conflict-state', { errors })
  return problem(all('division-not-allowed') ? 'division-not-allowed' : 'invalid-submission', { errors })
}

/** The plan as soon as theme, home division and mode can be read, whatever else is wrong. */
function planOf(
  submission: Record<string, unknown>,
  catalogue: Catalogue,
  redo: Branch | undefined,
): Plan | undefined {
  const { theme, homeDivision, mode, situations, modes } = submission
  if (typeof theme !== 'string' || typeof homeDivision !== 'string' || !isMode(mode)) return undefined
  const request: PlanRequest = { theme, homeDivision, mode, ...(redo ? { redo } : {}) }
  if (isRecord(situations)) request.situations = situations
  if (isRecord(modes)) request.modes = Object.fromEntries(Object.entries(modes).filter(hasMode))
  return rememberedPlan(catalogue, request)
}

function checkFormOf(submission: Record<string, unknown>, catalogue: Catalogue): readonly FieldError[] {
  const schema =
    typeof submission.theme === 'string' ? catalogue.themes.get(submission.theme)?.form : undefined
  return schema === undefined ? noFaults : checkForm(submission.form ?? {}, schema)
}

/** Where there is no plan to say so: the theme asked for, if it is none. */
function checkTheme(theme: unknown, catalogue: Catalogue): readonly FieldError[] {
  return typeof theme === 'string' && !catalogue.themes.has(theme)
    ? [unknownTheme(catalogue, theme)]
    : noFaults
}

/** With a broken schema, only members that are themselves whole are read further. */
function checkMeaning(
  submission: Record<string, unknown>,
  broken: readonly FieldError[],
  planned: Plan,
  { catalogue, client, halls, city, now }: CheckContext,
): readonly FieldError[] {
  const readable = submission as unknown as CanonicalSubmission
  const whole = broken.length === 0 ? () => true : readableOf(submission, broken).whole
  return allOf([
    client !== undefined && whole('division') ? checkClient(readable.division, client) : noFaults,
    whole('applicant') ? checkApplicant(readable, catalogue) : noFaults,
    whole('agent', 'division') ? checkAgent(readable, planned, halls, dayInChina(now)) : noFaults,
    whole('agent') ? checkVerifiedTimes(readable, now) : noFaults,
    whole('agent', 'appointment', 'modes') ? checkUnexpected(readable, planned) : noFaults,
    whole('appointment') ? checkAppointment(readable, planned) : noFaults,
    whole('delivery', 'applicant')
      ? checkDelivery(readable, { divisions: catalogue.divisions, city })
      : noFaults,
    whole('delivery') ? checkReturnHall(readable, halls) : noFaults,
    whole('materials', 'agent') && planned.cases.length > 0
      ? checkMaterials(readable, planned, undecided(readable.theme, planned, catalogue))
      : noFaults,
  ])
}

const nothingUndecided: ReadonlySet<string> = new Set()

/** Materials that the theme may yet ask for, where a situation that decides it is not answered well. */
function undecided(theme: string, { problems }: Plan, catalogue: Catalogue): ReadonlySet<string> {
  if (!problems.some((one) => isWithin(one, 'situations'))) return nothingUndecided
  const matters = catalogue.themes.get(theme)?.matters.map((one) => catalogue.matters.get(one.matter)) ?? []
  return new Set(matters.flatMap((matter) => matter?.materials.map((one) => one.code) ?? []))
}

function isWithin({ pointer }: FieldError, name: string): boolean {
  return pointer === `/${name}` || pointer.startsWith(`/${name}/`)
}

/** Each fault once; where a text could not be read, nothing more is said about it. */
function merge(unreadable: readonly FieldError[], found: readonly FieldError[]): readonly FieldError[] {
  if (unreadable.length === 0 && found.length === 0) return noFaults
  const places = new Set(unreadable.flatMap(({ pointer, more }) => (more === undefined ? [pointer] : [])))
  const seen = new Set<string>()
  const rest = found.filter(({ pointer, code, message }) => {
    const key = `${pointer} ${code} ${message}`
    return !places.has(pointer) && !seen.has(key) && seen.add(key)
  })
  return [...unreadable, ...rest]
}

function isMode(value: unknown): value is Mode {
  return value === 'online' || value === 'agent' || value === 'appointment'
}

function hasMode(entry: [string, unknown]): entry is [string, Mode] {
  return isMode(entry[1])
}
