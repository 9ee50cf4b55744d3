// Which of a holder's certificates is the one that was asked for: the only one that the registry calls valid.
// Old ones stay in its books as revoked, so that dates alone do not tell. Choosing between valid ones would
// be a guess.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Line } from './call.ts'
import { type FoundCertificate, refusal } from './records.ts'
import { mustBeValid } from './verify.ts'

/** More within their dates are not looked through while a case waits. */
const MOST_VERIFIED = 10

interface Judged {
  certificate: FoundCertificate
  /** The registry's code for "correct and valid". */
  verifyingCode: string
}

/**
 * @param found the newest first
 * @throws AdapterFailure 'rejected' with `certificate-ambiguous` for several valid ones; where none is, what
 * the newest was refused with
 */
export async function theValidOne(
  line: Line,
  found: readonly [FoundCertificate, ...FoundCertificate[]],
): Promise<Judged> {
  if (found.length > MOST_VERIFIED) throw ambiguous()
  const judged: (Judged | AdapterFailure)[] = []
  for (const certificate of found) judged.push(await judgement(line, certificate))
  const [only, other] = judged.filter((one): one is Judged => !(one instanceof AdapterFailure))
  if (other) throw ambiguous()
  if (!only) throw judged[0]
  return only
}

/** What is wrong with this certificate is an answer here; anything else ends the asking. */
async function judgement(line: Line, certificate: FoundCertificate): Promise<Judged | AdapterFailure> {
  try {
    return { certificate, verifyingCode: await mustBeValid(line, certificate) }
  } catch (error) {
    const isOfIt =
      error instanceof AdapterFailure && error.kind === 'rejected' && error.code?.startsWith('certificate-')
    if (isOfIt) return error
    throw error
  }
}

const ambiguous = (): AdapterFailure =>
  refusal('certificate-ambiguous', '查到多份有效证照 (several valid certificates)')
