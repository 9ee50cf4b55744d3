// What a department's yes leaves behind, beside the result itself: results that belong in a certificate registry are
// registered there, and the materials it accepted are offered to their holder again.

import { dayAfter, dayOf } from './calendar.ts'
import type { Rules } from './decide.ts'
import { changeCase, changeMaterial, type Draft, enter, findCase, transfer } from './draft.ts'
import { hasFailed, isGranted } from './endings.ts'
import type { ReceiptFacts } from './events.ts'
import type { ReusableTrust } from './proofs.ts'
import { type Case, type Material, partId, type Transfer } from './submission.ts'

/** After a case has moved, or its result was learnt; the yes may have been taken back since. */
export function conclude(draft: Draft, caseId: string, rules: Rules): Draft {
  const one = findCase(draft, caseId)!
  if (!isGranted(one)) return hasFailed(one) ? takeBackOffers(draft, caseId) : draft
  return registerResult(draft.aggregate.submission.holder ? offerAgain(draft, one) : draft, one, rules)
}

/** Once per result; which results, the certificate type and its registry decide. */
function registerResult(draft: Draft, one: Case, rules: Rules): Draft {
  if (one.state === 'approved' || one.registration || one.result?.type !== 'electronic') return draft
  const place = rules.certificates.registration(
    one.matter.code,
    one.result.certificateType,
    draft.aggregate.submission.catalogueVersion,
  )
  if (!place) return draft
  const issuedOn = dayOf(one.lastEventAt ?? draft.now)
  const noted = changeCase(draft, one.id, { registration: { ...place, issuedOn, state: 'asked' } })
  return transfer(noted, {
    operation: 'registerCertificate',
    system: place.registry,
    caseId: one.id,
    lane: `${place.registry}:${one.id}`,
    about: { registration: one.id },
  })
}

/** The registry has it, from now or from before. */
export function registered(draft: Draft, { caseId }: Transfer, receipt: ReceiptFacts): Draft {
  const one = findCase(draft, caseId!)
  if (!one?.registration) return draft
  const identifier = receipt.reference ?? one.result?.identifier ?? ''
  const changed = changeCase(draft, one.id, {
    registration: { ...one.registration, state: 'registered', identifier, registeredAt: draft.now },
  })
  return enter(changed, 'case.certificate-registered', one.id, draft.now, {
    identifier,
    registry: one.registration.registry,
    duplicate: receipt.duplicate === true,
  })
}

/** What was itself taken from an earlier case keeps its first proof: its life is not made longer by using it. */
function offerAgain(draft: Draft, one: Case): Draft {
  return draft.aggregate.materials.reduce((next, material) => {
    const { code, source, cases, files, reusable, reusableDays } = material
    const isOffered = reusable && !reusable.takenBack
    const isNew = reusableDays !== undefined && !isOffered && source !== 'shared' && files.length > 0
    if (!isNew || !cases.includes(one.id)) return next
    return changeMaterial(next, code, {
      reusable: {
        id: offerId(next, material),
        caseId: one.id,
        matter: one.matter.code,
        decidedAt: draft.now,
        expiresOn: lastDayOf(material, reusableDays, draft.now),
        trust: trustIn(material),
      },
    })
  }, draft)
}

/** Its own from before, or the first that is free: the order in which materials are read says nothing of them. */
function offerId({ aggregate: { submission, materials } }: Draft, { reusable }: Material): string {
  if (reusable) return reusable.id
  const taken = new Set(materials.map((one) => one.reusable?.id))
  for (let number = 1; ; number++) {
    const id = partId('reu', submission.id, number)
    if (!taken.has(id)) return id
  }
}

/** The yes was none. What another case was given with is offered on the strength of that one. */
export function takeBackOffers(draft: Draft, caseId: string): Draft {
  const { materials, cases } = draft.aggregate
  const offered = materials.filter(({ reusable }) => reusable?.caseId === caseId && !reusable.takenBack)
  const without = offered.reduce((next, { code, reusable }) => {
    const expiresOn = dayAfter(dayOf(draft.now), -1)
    return changeMaterial(next, code, { reusable: { ...reusable!, expiresOn, takenBack: true } })
  }, draft)
  return offered.length === 0 ? draft : cases.filter(isGranted).reduce(offerAgain, without)
}

/** A certificate is good no longer than it says itself. */
function lastDayOf({ certificate, source }: Material, days: number, now: string): string {
  const last = dayAfter(dayOf(now), days)
  const end = source === 'certificate' ? certificate?.evidence.validTo : undefined
  return typeof end === 'string' && end < last ? end : last
}

function trustIn({ source, certificate, checked }: Material): ReusableTrust {
  if (source === 'certificate') return certificate?.trust ?? 'fetched'
  return checked ? 'window-checked' : 'accepted'
}
