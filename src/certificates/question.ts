// The body of POST /v1/certificates/query: checked against its schema, cleaned, and its check digits proved, so that a
// slip at the window is named there and not asked of a registry. All faults at once, in both languages.

import type { ValidateFunction } from 'ajv/dist/2020.js'
import querySchema from '../../schemas/certificate-query.schema.json' with { type: 'json' }
import type { CertificateGrant } from '../adapter-kit/contract.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { problem } from '../http/problems.ts'
import { cleanText, type Divisions, idNumber, knownDivision } from '../intake/normalise/index.ts'
import { explainAll } from '../settings/explain.ts'
import { createAjv } from '../settings/schemas.ts'

/** As schemas/certificate-query.schema.json. */
export interface CertificateQuery {
  division: string
  purpose: string
  certificateType?: string
  holder?: { name: string; idType: string; idNumber: string }
  identifier?: string
  qrcode?: string
  authCode?: string
}

let compiled: ValidateFunction | undefined
const TYPE_IN_IDENTIFIER = /^1\.2\.156\.3005\.2\.([0-9A-Z]{21})\./

/** Throws `invalid-request` with every fault. */
export function readQuestion(raw: unknown, catalogue: Divisions): CertificateQuery {
  const body = withKnownDivision(cleaned(raw), catalogue)
  compiled ??= createAjv().compile(querySchema)
  const faults = compiled(body) ? [] : explainAll(compiled.errors)
  if (faults.length > 0) throw problem('invalid-request', { errors: faults })
  const query = body as CertificateQuery
  const wrong = wrongIdNumber(query)
  if (wrong) throw problem('invalid-request', { errors: [wrong] })
  return query
}

/** The type that is asked about: named, or within the identifier. */
export function typeAskedAbout({ certificateType, identifier }: CertificateQuery): string | undefined {
  return certificateType ?? TYPE_IN_IDENTIFIER.exec(identifier ?? '')?.[1]
}

/** By function unless the holder gave a code; undefined leaves it to the system's settings. */
export function grantOf({ authCode }: CertificateQuery): { grant?: CertificateGrant } {
  return authCode === undefined ? {} : { grant: { type: 'authorization', authCode } }
}

/** Full-width forms and blanks as keyboards of windows make them; texts that cannot be kept stay for the schema. */
function cleaned(raw: unknown): unknown {
  if (typeof raw === 'string') {
    const text = cleanText(raw)
    return typeof text === 'string' ? text : raw
  }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, cleaned(value)]))
}

/** As a submission may write it. */
function withKnownDivision(body: unknown, catalogue: Divisions): unknown {
  if (typeof body !== 'object' || body === null || !('division' in body)) return body
  return { ...body, division: knownDivision(body.division, catalogue) }
}

function wrongIdNumber(query: CertificateQuery): FieldError | undefined {
  const { holder } = query
  if (!holder) return undefined
  const number = idNumber(holder.idType, holder.idNumber)
  if (typeof number !== 'string')
    return fieldError('/holder/idNumber', number.code, number.message, number.messageZh)
  holder.idNumber = number
  return undefined
}
