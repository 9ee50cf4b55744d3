// Questions to registries, and when nobody needs their answers any more.

import { settledStates } from './case-states.ts'
import { type Draft, findCase, findMaterial, isOpen, settle } from './draft.ts'
import type { Transfer } from './submission.ts'

/** A question to a registry about one material. */
export const isLookUp = ({ operation }: Transfer): boolean =>
  operation === 'obtainCertificate' || operation === 'verifyCertificate'

export const aboutMaterial = (one: Transfer): string => ('material' in one.about ? one.about.material : '')

/** Ends every question whose cases are all over: it is not asked any more, and needs no person where it was refused. */
export function dropLookUps(draft: Draft): Draft {
  return draft.aggregate.transfers
    .filter((one) => isLookUp(one) && isOpen(one) && !isNeeded(draft, aboutMaterial(one)))
    .reduce((next, one) => settle(next, one, 'cancelled', 'no-case-needs-it'), draft)
}

const isNeeded = (draft: Draft, material: string): boolean =>
  findMaterial(draft, material)?.cases.some((id) => !settledStates.has(findCase(draft, id)!.state)) === true
