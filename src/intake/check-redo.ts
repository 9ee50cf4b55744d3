// Whether `redoes` of a submission may be: an earlier submission of the same platform, applicant and theme, with matters
// that failed and that nobody does again already. Pure.

import type { CanonicalSubmission } from '../../schemas/types.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { type Branch, type BranchProblem, branchOf } from '../domain/redo.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import type { Earlier } from './redo.ts'

const at = '/redoes/submissionId'

/** The branch to be planned; without one where it cannot be said, with all that is wrong. */
export function checkRedo(
  submission: Record<string, unknown>,
  earlier: Earlier | null,
  platform: string | undefined,
  catalogue: Catalogue,
): { branch?: Branch; errors: FieldError[] } {
  if (earlier?.aggregate.submission.platform !== platform || !earlier) return { errors: [unknown] }
  const { applicant, theme, redoes } = submission as Partial<CanonicalSubmission>
  const before = earlier.aggregate.submission
  const errors: FieldError[] = []
  if (numberOf(applicant) !== numberOf(earlier.applicant)) errors.push(otherApplicant)
  if (theme !== before.theme) return { errors: [...errors, otherTheme(before.theme)] }
  const described = catalogue.themes.get(before.theme)
  if (!described) return { errors }
  const { branch, problems } = branchOf(earlier.aggregate, described, redoes?.matters)
  if (branch.matters.length === 0 && problems.length === 0) errors.push(nothingFailed)
  errors.push(...problems.map(unfit), ...taken(branch, earlier))
  return { branch, errors }
}

const numberOf = (applicant: unknown): unknown =>
  (applicant as { idNumber?: unknown } | null | undefined)?.idNumber

/** Open, or settled well, in another submission: refused with 409 when nothing else is wrong. */
function taken({ matters }: Branch, { rivals }: Earlier): FieldError[] {
  return rivals
    .filter((rival) => rival.matters.some((code) => matters.includes(code)))
    .map(({ submissionId }) =>
      fieldError(
        at,
        'redo-taken',
        `submission ${submissionId} does these matters again already`,
        `申办 ${submissionId} 已在重新办理这些事项`,
      ),
    )
}

const unknown = fieldError(
  at,
  'unknown-submission',
  'there is no such submission of this platform',
  '本平台没有该申办',
)
const otherApplicant = fieldError(
  '/applicant/idNumber',
  'redo-other-applicant',
  'the earlier submission is of another applicant',
  '与此前申办的申请人不一致',
)
const nothingFailed = fieldError(
  at,
  'redo-nothing-failed',
  'none of its matters was refused, withdrawn or terminated: there is nothing to do again',
  '该申办没有被退回、撤回或终止的事项，无需重新办理',
)

function otherTheme(theme: string): FieldError {
  return fieldError(
    '/theme',
    'redo-other-theme',
    `the earlier submission is of theme ${theme}`,
    `此前申办的主题为 ${theme}`,
  )
}

function unfit({ matter, why, other = '' }: BranchProblem): FieldError {
  const [en, zh] = sentences[why](matter, other)
  return fieldError('/redoes/matters', `redo-${why}`, en, zh)
}

const sentences: Record<BranchProblem['why'], (matter: string, other: string) => [en: string, zh: string]> = {
  'not-in-submission': (matter) => [
    `the earlier submission has no matter ${matter}`,
    `此前申办不包含事项 ${matter}`,
  ],
  'not-failed': (matter) => [`matter ${matter} did not fail`, `事项 ${matter} 未被退回、撤回或终止`],
  needs: (matter, other) => [
    `matter ${matter} comes after ${other}, which failed as well: name both`,
    `事项 ${matter} 须在 ${other} 之后办理，而 ${other} 也未办成：请一并列出`,
  ],
  waits: (matter, other) => [
    `matter ${matter} comes after ${other}, which is not settled yet`,
    `事项 ${matter} 须在 ${other} 之后办理，而 ${other} 尚未办结`,
  ],
}
