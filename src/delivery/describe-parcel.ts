// A parcel as a carrier or tracker needs to know it to tell where it is: part of it is only in the document.

import type { FollowedParcel } from '../adapter-kit/contract.ts'
import { submissionOf, type Transfer } from '../domain/submission.ts'
import type { AttemptTools } from './attempt.ts'

/** Throws when there is no such parcel. */
export async function describeParcel(tools: AttemptTools, parcelId: string): Promise<FollowedParcel> {
  const transfer: Transfer = {
    id: parcelId,
    caseId: null,
    system: '',
    operation: 'followParcel',
    lane: '',
    sequence: 0,
    state: 'due',
    about: { parcel: parcelId },
  }
  const submissionId = submissionOf(parcelId)
  if (submissionId === null) throw new Error(`${parcelId} is no parcel`)
  const asked = { transfer, submissionId, epoch: 0, attempts: 0, look: false, claims: 0, triedMs: 0 }
  return (await tools.compose(asked)) as FollowedParcel
}
