// Only the failed branch is done again: the matters of an earlier submission that failed, with those that ended because
// of them. What it settled well stays settled, and its results count. The two submissions know of each other.

import type { Theme } from './catalogue.ts'
import type { Rules } from './decide.ts'
import { changeSubmission, type Draft, refuse, type Step } from './draft.ts'
import { hasFailed, isGranted } from './endings.ts'
import type { SubmissionRedone } from './events.ts'
import { publish } from './publish.ts'
import type { Aggregate, Case, Satisfied } from './submission.ts'

export interface Branch {
  submissionId: string
  /** To be planned again. */
  matters: readonly string[]
  satisfied: readonly Satisfied[]
}

/** Why a matter cannot be redone, or not without another. */
export interface BranchProblem {
  matter: string
  why: 'not-in-submission' | 'not-failed' | 'needs' | 'waits'
  /** needs, waits: the matter it comes after. */
  other?: string
}

/** What has to be done again of `earlier`; all that failed, unless some matters are named. */
export function branchOf(
  earlier: Aggregate,
  theme: Theme,
  named?: readonly string[],
): { branch: Branch; problems: BranchProblem[] } {
  const cases = new Map(earlier.cases.map((one) => [one.matter.code, one]))
  const failed = earlier.cases.filter(hasFailed).map((one) => one.matter.code)
  const wanted = named ?? failed
  const matters = failed.filter((code) => wanted.some((one) => one === code || isAfter(theme, code, one)))
  const problems = [
    ...wanted.flatMap((code) => unfit(code, cases)),
    ...matters.flatMap((code) => blocked(code, theme, cases, matters)),
  ]
  const satisfied = [
    ...(earlier.submission.redoes?.satisfied ?? []),
    ...earlier.cases.filter(isGranted).map(asSatisfied),
  ]
  return { branch: { submissionId: earlier.submission.id, matters, satisfied }, problems }
}

const asSatisfied = ({ id, matter, result }: Case): Satisfied => ({
  matter: matter.code,
  caseId: id,
  ...(result ? { result } : {}),
})

function unfit(code: string, cases: ReadonlyMap<string, Case>): BranchProblem[] {
  const one = cases.get(code)
  if (!one) return [{ matter: code, why: 'not-in-submission' }]
  return hasFailed(one) ? [] : [{ matter: code, why: 'not-failed' }]
}

/** Whatever comes before it is done again as well, or has ended well. */
function blocked(
  code: string,
  theme: Theme,
  cases: ReadonlyMap<string, Case>,
  matters: readonly string[],
): BranchProblem[] {
  return [...cases.values()].flatMap((other): BranchProblem[] => {
    const before = other.matter.code
    if (matters.includes(before) || isGranted(other) || !isAfter(theme, code, before)) return []
    return [{ matter: code, why: hasFailed(other) ? 'needs' : 'waits', other: before }]
  })
}

/** Does the theme put `code` after `before`, be it over others? */
function isAfter(theme: Theme, code: string, before: string): boolean {
  const own = theme.matters.find((one) => one.matter === code)?.after ?? []
  return own.includes(before) || own.some((one) => isAfter(theme, one, before))
}

/** The earlier submission learns which one does its failed branch again; two at a time cannot. */
export function redone(draft: Draft, event: SubmissionRedone, rules: Rules): Step {
  const { cases, submission } = draft.aggregate
  const known = submission.redoneBy ?? []
  if (known.some((one) => one.submissionId === event.by)) return 'duplicate'
  const rival = known.find(
    (one) =>
      !event.over.includes(one.submissionId) && one.matters.some((code) => event.matters.includes(code)),
  )
  if (rival)
    return refuse(
      `these matters are being done again by submission ${rival.submissionId}`,
      `这些事项已由申办 ${rival.submissionId} 重新办理`,
    )
  const open = event.matters.find((code) => !cases.some((one) => one.matter.code === code && hasFailed(one)))
  if (open) return refuse(`matter ${open} has not failed`, `事项 ${open} 未被退回或终止`)
  const { by: submissionId, externalId, matters } = event
  const linked = changeSubmission(draft, {
    redoneBy: [...known, { submissionId, externalId, matters, at: draft.now }],
  })
  return publish(linked, 'submission.redone', null, draft.now, { redoneBy: submissionId, matters }, rules)
}
