// Certificates that others put into the registry: kept under their identifiers, each once, whoever repeats it.

import { checkedIdentifier } from './identifier.ts'
import type { CertificateRecord, Question, Standing } from './records.ts'

type Taken = 'new' | 'known' | 'other' | 'wrong'

export interface Register {
  /** `other`: the identifier belongs to a different record; `wrong`: the record is incomplete or its identifier false. */
  take(identifier: unknown, type: unknown, certData: unknown): Taken
  find(identifier: string): CertificateRecord | undefined
  /** The latest of a holder and type. */
  of(question: Question): CertificateRecord | undefined
  /** The one with this number. */
  numbered(type: string, number: unknown): CertificateRecord | undefined
  all(): readonly CertificateRecord[]
}

const required = [
  'certificateName',
  'certificateHolder',
  'certificateHolderCode',
  'certificateHolderType',
  'certificateNumber',
  'issueDept',
  'issueDeptCode',
  'issueDate',
]

/** `standingOf`: what the desk has decided of a holder and type since. */
export function openRegister(standingOf: (question: Question) => Standing | undefined): Register {
  const taken = new Map<string, CertificateRecord>()
  const current = ({ certData, identifier }: CertificateRecord): CertificateRecord => ({
    identifier,
    certData,
    standing: standingOf(questionOf(certData)) ?? 'valid',
  })
  const latest = (fits: (certData: Record<string, unknown>) => boolean): CertificateRecord | undefined => {
    const found = [...taken.values()].findLast(({ certData }) => fits(certData))
    return found && current(found)
  }
  return {
    take(identifier, type, certData) {
      if (typeof identifier !== 'string' || !isWhole(certData) || certData.certificateType !== type)
        return 'wrong'
      if (checkedIdentifier(identifier) !== type) return 'wrong'
      const known = taken.get(identifier)
      if (known) return JSON.stringify(known.certData) === JSON.stringify(certData) ? 'known' : 'other'
      taken.set(identifier, { identifier, certData, standing: 'valid' })
      return 'new'
    },
    find(identifier) {
      const found = taken.get(identifier)
      return found && current(found)
    },
    of: ({ holderCode, certTypeCode }) =>
      latest((one) => one.certificateHolderCode === holderCode && one.certificateType === certTypeCode),
    numbered: (type, number) =>
      latest((one) => one.certificateType === type && one.certificateNumber === number),
    all: () => [...taken.values()].map(current),
  }
}

const questionOf = (certData: Record<string, unknown>): Question => ({
  holderCode: String(certData.certificateHolderCode),
  holderTypeCode: String(certData.certificateHolderType),
  certTypeCode: String(certData.certificateType),
})

function isWhole(certData: unknown): certData is Record<string, unknown> {
  if (typeof certData !== 'object' || certData === null) return false
  const fields = certData as Record<string, unknown>
  return required.every((name) => typeof fields[name] === 'string' && fields[name] !== '')
}
