// Why a material can be believed: an electronic certificate's evidence, a window's look at the original, or a department
// that accepted it before. Types only.

/**
 * How far the copy of a certificate can be trusted.
 * verified  the registry judged its record valid, and the copy with this SHA-256 came from it under the identifier
 * fetched   a copy from the registry, without its judgement of the record
 * shown     the registry told of it; there is no copy
 */
export type Trust = 'verified' | 'fetched' | 'shown'

export interface Certificate {
  type: string
  identifier: string
  /** When the registry last said that it is good. */
  verifiedAt: string
  trust?: Trust
  /** After this a case is not dispatched with it before the registry was asked again; absent: it never is. */
  recheckAfter?: string
  /** What obtaining it proved: queriedAt, purpose, result, verifyingCode, validFrom, validTo. */
  evidence: Record<string, unknown>
  /** The same of the last time the registry was asked again. */
  recheck?: Record<string, unknown>
  /** The registry's last word, where it is no longer good: a reason of certificate-reasons.ts. */
  standing?: string
}

/** A window saw the original. */
export interface WindowCheck {
  hall: string
  window: string
  at: string
}

export type ReusableTrust = Trust | 'window-checked' | 'accepted'

/** 一次提交反复使用: offered again to its holder since a department said yes to a case with it. */
export interface Reusable {
  id: string
  caseId: string
  matter: string
  decidedAt: string
  /** The last day on which it may be used, yyyy-MM-dd. */
  expiresOn: string
  trust: ReusableTrust
  /** That department had said no. */
  takenBack?: true
}

/** The earlier case that a material was taken from. */
export type SharedFrom = Reusable & { submissionId: string }

/** A result that goes into the registry of its certificate type. */
export interface Registration {
  registry: string
  certificateType: string
  /** yyyy-MM-dd */
  issuedOn: string
  state: 'asked' | 'registered' | 'given-up'
  identifier?: string
  registeredAt?: string
}
