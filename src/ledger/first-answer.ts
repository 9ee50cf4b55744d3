// What a submission is answered at first, and again whenever it is repeated: derived, so it need not be stored.
// sql/known.sql derives the same from the rows; a test holds the two together.

import type { SubmissionReceipt } from '../../schemas/types.ts'
import type { Aggregate } from '../domain/submission.ts'

/** `{ submissionId, externalId, cases: [{ caseId, matter, system, state }] }`; every case begins as pending. */
export function firstAnswer({ submission, cases }: Aggregate): SubmissionReceipt {
  return {
    submissionId: submission.id,
    externalId: submission.externalId,
    cases: cases.map(({ id, matter, system }) => ({
      caseId: id,
      matter: matter.code,
      system,
      state: 'pending',
    })),
  }
}
