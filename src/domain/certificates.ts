// What a registry's answer, or its silence, means for the cases that wait for a certificate. Never a silent failure: what
// cannot be had, or is no longer good, is asked of the applicant.

import { askApplicant, type Question, stopAsking } from './ask.ts'
import { concernsCertificate, reasonOf } from './certificate-reasons.ts'
import { setClock } from './clock.ts'
import type { Rules } from './decide.ts'
import { dispatch, stopWaiting } from './dispatch.ts'
import {
  changeCase,
  changeMaterial,
  type Draft,
  enter,
  findMaterial,
  findTransfer,
  isOpen,
  type Step,
  settle,
} from './draft.ts'
import type { DomainEvent, ReceiptFacts } from './events.ts'
import { aboutMaterial, isLookUp } from './look-ups.ts'
import type { Certificate, Trust } from './proofs.ts'
import type { Case, Material, Transfer, Wait } from './submission.ts'

/** Obtained: the copy and its evidence are kept with the material, and its cases go on. */
export function attach(draft: Draft, one: Transfer, receipt: ReceiptFacts, rules: Rules): Draft {
  const code = aboutMaterial(one)
  const material = findMaterial(draft, code)
  if (!material) return draft
  const certificate: Certificate = {
    type: material.certificateType ?? '',
    identifier: receipt.reference ?? '',
    verifiedAt: draft.now,
    trust: trustOf(receipt),
    ...freshness(material, draft.now, rules),
    evidence: { ...receipt.data },
  }
  const filed = changeMaterial(draft, code, { certificate, files: receipt.files ?? [] })
  const entered = enter(filed, 'material.certificate-attached', null, draft.now, {
    material: code,
    identifier: certificate.identifier,
  })
  return takeBackQuestions(
    stopWaiting(entered, (wait) => wait.for === 'certificate' && wait.material === code),
    code,
    rules,
  )
}

function trustOf({ files = [], data = {} }: ReceiptFacts): Trust {
  if (files.length === 0) return 'shown'
  return data.verifyingCode === undefined ? 'fetched' : 'verified'
}

function freshness({ registry }: Material, now: string, rules: Rules): Pick<Certificate, 'recheckAfter'> {
  const maxAgeMs = registry ? rules.certificates.maxAgeMs(registry) : null
  return maxAgeMs === null ? {} : { recheckAfter: new Date(Date.parse(now) + maxAgeMs).toISOString() }
}

/** Still good when asked again: whoever waited for that goes out at once, however long the others took. */
export function confirm(draft: Draft, one: Transfer, receipt: ReceiptFacts, rules: Rules): Draft {
  const code = aboutMaterial(one)
  const material = findMaterial(draft, code)
  if (!material?.certificate) return draft
  const { standing: _, ...certificate } = material.certificate
  const changed = changeMaterial(draft, code, {
    certificate: {
      ...certificate,
      verifiedAt: draft.now,
      ...freshness(material, draft.now, rules),
      recheck: { ...receipt.data },
    },
  })
  const entered = enter(changed, 'material.certificate-verified', null, draft.now, {
    material: code,
    identifier: certificate.identifier,
  })
  const freed = entered.aggregate.cases.filter(({ waits }) => waits.some(isRecheckOf(code)))
  return takeBackQuestions(
    freed.reduce((next, { id, waits }) => {
      const left = waits.filter((wait) => !isRecheckOf(code)(wait))
      const released = changeCase(next, id, { waits: left })
      return left.length === 0 ? dispatch(released, id) : released
    }, entered),
    code,
    rules,
  )
}

const isRecheckOf =
  (code: string) =>
  (wait: Wait): boolean =>
    wait.for === 'recheck' && wait.material === code

/** Refused: the applicant is asked for the document; null when the refusal says nothing of the certificate. */
export function askInstead(
  draft: Draft,
  one: Transfer,
  { code: reason, reason: told }: { code: string; reason: string },
  rules: Rules,
): Draft | null {
  if (!concernsCertificate(reason)) return null
  const code = aboutMaterial(one)
  const settled = settle(draft, one, 'refused', reason)
  const certificate = findMaterial(settled, code)?.certificate
  const noted = certificate
    ? changeMaterial(settled, code, { certificate: { ...certificate, standing: reason } })
    : settled
  return askForDocument(noted, code, { code: reason, told }, rules)
}

/**
 * The registry has been out of reach for long: where the catalogue allows, an upload will do; whichever comes
 * first counts.
 */
export function offerUpload(
  draft: Draft,
  event: DomainEvent & { type: 'certificate.overdue' },
  rules: Rules,
): Step {
  const one = findTransfer(draft, event.transferId)
  if (!one || !isOpen(one)) return 'duplicate'
  const code = aboutMaterial(one)
  if (!findMaterial(draft, code)?.uploadInstead) return 'duplicate'
  const asked = askForDocument(draft, code, { code: 'registry-unavailable', told: '' }, rules)
  return asked === draft ? 'duplicate' : asked
}

/** After a supplement: where a scan came first, the registry need not answer any more, and nobody waits for it. */
export function uploadedInstead(
  step: Step,
  { materials }: DomainEvent & { type: 'case.supplement-received' },
  rules: Rules,
): Step {
  if (step === 'duplicate' || 'refused' in step) return step
  const codes = new Set(materials.map(({ code }) => code))
  const open = step.aggregate.transfers.filter(
    (one) => isLookUp(one) && isOpen(one) && codes.has(aboutMaterial(one)),
  )
  if (open.length === 0) return step
  const dropped = open.reduce((next, one) => settle(next, one, 'cancelled', 'uploaded-instead'), step)
  const freed = stopWaiting(
    dropped,
    (wait) => (wait.for === 'certificate' || wait.for === 'recheck') && codes.has(wait.material),
  )
  return [...codes].reduce((next, code) => takeBackQuestions(next, code, rules), freed)
}

/** Every case that waits for the registry waits for the applicant from now on. */
function askForDocument(
  draft: Draft,
  material: string,
  why: { code: string; told: string },
  rules: Rules,
): Draft {
  const mayStillCome = why.code === 'registry-unavailable'
  const question: Question = {
    materials: [material],
    code: why.code,
    ...reasonOf(why.code, why.told),
    ...(mayStillCome ? { orCertificate: true } : {}),
  }
  const isWaited = (wait: Wait): boolean =>
    (wait.for === 'certificate' || wait.for === 'recheck') && wait.material === material
  return draft.aggregate.cases.reduce((next, one) => {
    if (one.waits.some(isWaited)) return askApplicant(next, one, isWaited, question, rules)
    return mayStillCome ? next : onlyUpload(next, one, material, rules)
  }, draft)
}

/** It was asked for already while the registry was away; now that has spoken, and nothing else will do. */
function onlyUpload(draft: Draft, one: Case, material: string, rules: Rules): Draft {
  if (!one.waits.some(isOptional(material))) return draft
  const waits = one.waits.map(
    (wait): Wait => (isOptional(material)(wait) ? { for: 'supplement', material } : wait),
  )
  return setClock(changeCase(draft, one.id, { waits }), one, draft.now, undefined, rules)
}

const isOptional =
  (material: string) =>
  (wait: Wait): boolean =>
    wait.for === 'supplement' && wait.orCertificate === true && wait.material === material

/** What was asked for while the registry was away has come, from it or from the applicant: nothing more is wanted. */
function takeBackQuestions(draft: Draft, material: string, rules: Rules): Draft {
  const optional = isOptional(material)
  return draft.aggregate.cases.reduce(
    (next, one) => (one.waits.some(optional) ? stopAsking(next, one, [material], optional, rules) : next),
    draft,
  )
}
