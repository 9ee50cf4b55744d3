// Before a case goes out: certificates verified too long ago are asked about again. What is fresh costs nothing.

import { changeCase, type Draft, isOpen, transfer } from './draft.ts'
import type { Case, Material, Wait } from './submission.ts'

/** The case waiting for the registry's word on what is stale; null when all its certificates are fresh. */
export function recheckStale(draft: Draft, one: Case): Draft | null {
  const stale = draft.aggregate.materials.filter((material) => isStale(material, one.id, draft.now))
  if (stale.length === 0) return null
  const waits = stale.map(({ code }): Wait => ({ for: 'recheck', material: code }))
  return stale.reduce(askAgain, changeCase(draft, one.id, { waits }))
}

function isStale({ certificate, registry, source, cases }: Material, caseId: string, now: string): boolean {
  return (
    certificate?.recheckAfter !== undefined &&
    now > certificate.recheckAfter &&
    registry !== undefined &&
    (source === 'certificate' || source === 'shared') &&
    cases.includes(caseId)
  )
}

/** One question, however many cases wait for its answer. */
function askAgain(draft: Draft, { code, registry }: Material): Draft {
  const isAsked = draft.aggregate.transfers.some(
    (one) =>
      one.operation === 'verifyCertificate' &&
      isOpen(one) &&
      'material' in one.about &&
      one.about.material === code,
  )
  if (isAsked) return draft
  return transfer(draft, {
    operation: 'verifyCertificate',
    system: registry!,
    caseId: null,
    lane: `${registry}:${draft.aggregate.submission.id}:${code}`,
    about: { material: code },
  })
}
