// Questions that a window or an operator asks while somebody waits: what a holder has, whether one certificate is good.
// Every answer is the registry's own word of now; nothing is kept, and a standing nobody told is `unknown`.

import type {
  Attempt,
  CertificateFacts,
  CertificateGrant,
  Questions,
} from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { ask, type Line } from './call.ts'
import { annotatedCopy, linkedCopy, linkFor } from './copies.ts'
import { verifyCopy } from './file-check.ts'
import { readIdentifier } from './identifier.ts'
import { type FoundCertificate, misfit, ofHolder, readRecord, recordsIn } from './records.ts'
import type { CompleteSettings } from './settings.ts'
import { pass } from './statuses.ts'
import { causeOf, factsOf, holderData } from './translate.ts'
import { isExpired } from './validity.ts'
import { standingOf } from './verify.ts'

type Asked<Q extends keyof Questions> = Questions[Q]['asked']
type Verdict = Questions['verifyCertificate']['answer']

/** Somebody waits for the answer: beyond this many, records are told without the registry's judgement. */
const MOST_VERIFIED = 10

export function certificateQuestions(settings: CompleteSettings) {
  const lineOf = (asked: { purpose: string; grant?: CertificateGrant }, attempt: Attempt): Line => ({
    settings,
    attempt,
    cause: causeOf(asked),
    grant: asked.grant,
  })
  return {
    searchCertificates: (asked: Asked<'searchCertificates'>, attempt: Attempt) =>
      search(lineOf(asked, attempt), asked),
    verifyCertificate: (asked: Asked<'verifyCertificate'>, attempt: Attempt) =>
      verifyIdentifier(lineOf(asked, attempt), asked.identifier),
    verifyCertificateCode: (asked: Asked<'verifyCertificateCode'>, attempt: Attempt) =>
      verdict(lineOf(asked, attempt), 'queryCertInfoByQRcode', { qrcode: asked.qrcode }),
    verifyCertificateFile: (asked: Asked<'verifyCertificateFile'>, attempt: Attempt) =>
      verifyCopy(lineOf(asked, attempt), asked),
    downloadCertificate: (asked: Asked<'downloadCertificate'>, attempt: Attempt) =>
      download(lineOf(asked, attempt), asked),
  }
}

async function search(line: Line, asked: Asked<'searchCertificates'>): Promise<CertificateFacts[]> {
  const name = 'queryCertInfoByHolderCode'
  const told = await ask(line, name, holderData(asked, line.settings))
  if (told.row.standing === 'not-found') return []
  pass(told.row, name)
  const found = recordsIn(told.data).map((entry) => ofHolder(entry, asked))
  const facts: CertificateFacts[] = []
  for (const [index, one] of found.entries()) {
    const standing = index < MOST_VERIFIED ? await standingNow(line, one) : 'unknown'
    if (standing !== 'not-found') facts.push(factsOf(one, standing))
  }
  return facts
}

/** A number with a wrong check character is a slip of whoever typed it: said at once, without asking. */
async function verifyIdentifier(line: Line, identifier: string): Promise<Verdict> {
  mustBeIdentifier(identifier)
  return verdict(line, 'queryCertInfo', { certIdentifier: identifier }, identifier)
}

async function verdict(line: Line, name: string, data: object, identifier?: string): Promise<Verdict> {
  const { row, data: answer } = await ask(line, name, data)
  const [entry, other] = recordsIn(answer)
  if (row.standing !== undefined && row.standing !== 'not-found' && entry && !other)
    return factsOf(readRecord(entry, identifier), row.standing)
  if (row.standing !== undefined) return { status: row.standing }
  pass(row, name)
  if (other) throw misfit('一个标识查到多份证照 (several certificates for one identifier)')
  if (!entry) return { status: 'not-found' }
  const found = readRecord(entry, identifier)
  const standing = await standingNow(line, found)
  return standing === 'not-found' ? { status: standing } : factsOf(found, standing)
}

/** The dates outweigh a registry that has not noticed them yet. */
async function standingNow(line: Line, found: FoundCertificate) {
  if (isExpired(found.validTo, line.attempt.now())) return 'expired'
  return standingOf(line, found)
}

async function download(line: Line, asked: Asked<'downloadCertificate'>) {
  const { identifier, format } = asked
  mustBeIdentifier(identifier)
  if (format !== 'pdf' && line.settings.copy.by === 'file')
    return annotatedCopy(line, identifier, format, identifier)
  return linkedCopy(line, () => linkFor(line, identifier), identifier, format)
}

function mustBeIdentifier(identifier: string): void {
  if (readIdentifier(identifier)) return
  throw new AdapterFailure(
    'rejected',
    '证照标识不符合 GB/T 36904，请核对 (the identifier fails GB/T 36904; compare it again)',
    { sent: false, code: 'identifier-wrong' },
  )
}
