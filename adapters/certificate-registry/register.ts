// A result that a department issued goes into the registry, under an identifier that is the same on every try. No public
// specification has this call: its names are settings, and without them it is not offered.

import type { Attempt, CertificateRegistration, Outgoing, Receipt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isRecord, text } from '../../src/adapter-kit/loose-json.ts'
import { ask, type Line } from './call.ts'
import { holderTypeCode } from './holders.ts'
import { identifierOf, readIdentifier, serialOf } from './identifier.ts'
import { recordsIn } from './records.ts'
import type { CompleteSettings, RegisterSettings } from './settings.ts'
import { type AnswerRow, answerByCode, pass, registeredRow } from './statuses.ts'
import { causeOf } from './translate.ts'

export function registerOperation(settings: CompleteSettings): {
  registerCertificate?: Outgoing<CertificateRegistration>
} {
  const { register } = settings
  if (!register) return {}
  return {
    registerCertificate: {
      send: (content, attempt) => send(lineOf(settings, content, attempt), register, content),
      find: (content, attempt) => find(lineOf(settings, content, attempt), content),
    },
  }
}

const lineOf = (settings: CompleteSettings, content: CertificateRegistration, attempt: Attempt): Line => ({
  settings,
  attempt,
  cause: causeOf(content),
})

async function send(line: Line, names: RegisterSettings, content: CertificateRegistration): Promise<Receipt> {
  const identifier = identifierFor(content)
  const data = {
    certTypeCode: content.certificateType,
    [names.identifierField]: identifier,
    [names.recordField]: recordOf(content, line.settings),
  }
  const { row } = await ask(line, names.call, data, undefined, withDuplicate(names))
  if (row.code === names.duplicateCode) return { reference: identifier, duplicate: true }
  pass(row, names.call)
  return { reference: identifier }
}

/** By its identifier. One of another holder under the same identifier is for a person. */
async function find(line: Line, content: CertificateRegistration): Promise<Receipt | null> {
  const name = 'queryCertInfo'
  const identifier = identifierFor(content)
  const { row, data } = await ask(line, name, { certIdentifier: identifier })
  if (row.standing === 'not-found') return null
  if (row.standing === undefined) pass(row, name)
  const [entry] = recordsIn(data)
  if (!entry) return row.standing === undefined ? null : { reference: identifier }
  const record = isRecord(entry.certData) ? entry.certData : entry
  const holder = text(record.certificateHolderCode)
  if (holder === undefined || holder.toUpperCase() === content.holder.idNumber.toUpperCase())
    return { reference: identifier }
  throw new AdapterFailure(
    'rejected',
    '证照标识已属于另一持证者 (the identifier belongs to another holder already)',
    { code: 'identifier-taken' },
  )
}

const withDuplicate = ({ duplicateCode: code }: RegisterSettings): ReadonlyMap<string, AnswerRow> =>
  new Map([...answerByCode, [code, { ...registeredRow, code }]])

/** @throws AdapterFailure 'rejected', not sent, for an identifier of the department that GB/T 36904 does not allow */
function identifierFor({
  identifier,
  certificateType,
  issuer,
  number,
  caseId,
}: CertificateRegistration): string {
  const made = identifier ?? identifierOf(certificateType, issuer.code, serialOf(number, caseId))
  if (readIdentifier(made)) return made
  throw new AdapterFailure('rejected', '证照标识不符合 GB/T 36904 (the identifier fails GB/T 36904)', {
    sent: false,
    code: 'identifier-wrong',
  })
}

function recordOf(content: CertificateRegistration, settings: CompleteSettings): object {
  const { holder, issuer, issuedOn } = content
  return {
    certificateType: content.certificateType,
    certificateName: content.certificateName,
    certificateHolder: holder.name,
    certificateHolderCode: holder.idNumber,
    certificateHolderType: holderTypeCode(holder.idType, settings),
    certificateNumber: content.number ?? serialOf(undefined, content.caseId),
    issueDept: issuer.name,
    issueDeptCode: issuer.code,
    issueDate: issuedOn,
    certificateValidateStart: issuedOn,
    certificateValidateEnd: '',
    digitalSign: '',
    surface: [],
    detail: [],
  }
}
