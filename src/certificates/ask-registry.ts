// One question put to a registry and its answer as a verdict. A registry that cannot be asked now is no verdict.

import type { CertificateFacts } from '../adapter-kit/contract.ts'
import { AdapterFailure } from '../adapter-kit/failures.ts'
import type { AskSystem } from '../delivery/questions.ts'
import type { FaultCode } from '../http/fault-codes.ts'
import { fieldError } from '../http/field-error.ts'
import { type Problem, problem } from '../http/problems.ts'
import { type CertificateQuery, grantOf } from './question.ts'
import { overall, type Verdict, verdictIn } from './verdicts.ts'

interface Found {
  status: Verdict
  certificates: readonly CertificateFacts[]
}

/** Who is asked about what, and the type's name as the registry's forms call it. */
export interface Registry {
  system: string
  certificateType: string
  certificateName: string
}

/** Throws problems: `invalid-request` for what the registry cannot be asked, `unavailable` when it gives no answer. */
export async function askRegistry(
  ask: AskSystem,
  registry: Registry,
  query: CertificateQuery,
): Promise<Found> {
  try {
    return await found(ask, registry, query)
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    const status = verdictIn(error)
    if (status !== undefined) return { status, certificates: [] }
    throw refused(error, query)
  }
}

async function found(ask: AskSystem, registry: Registry, query: CertificateQuery): Promise<Found> {
  const { system, certificateType, certificateName } = registry
  const { purpose, holder, identifier, qrcode } = query
  const grant = grantOf(query)
  if (holder) {
    const asked = { holder, certificateType, certificateName, purpose, ...grant }
    const certificates = await ask(system, 'searchCertificates', asked)
    return { status: overall(certificates), certificates }
  }
  const answer =
    identifier === undefined
      ? await ask(system, 'verifyCertificateCode', { qrcode: qrcode ?? '', purpose, ...grant })
      : await ask(system, 'verifyCertificate', { identifier, purpose, ...grant })
  const certificates = 'identifier' in answer ? [answer] : []
  if (certificates.some(({ type }) => type !== certificateType)) throw otherType()
  return { status: answer.status, certificates }
}

/** What a window can mend is an `invalid-request`; everything else waits for the registry or an operator. */
function refused(failure: AdapterFailure, query: CertificateQuery): Problem {
  const pointer = query.holder ? '/holder' : query.identifier === undefined ? '/qrcode' : '/identifier'
  if (failure.code === 'identifier-wrong')
    return faulty(pointer, 'identifier-wrong', 'has a wrong check character', '校验位不符，请核对是否输错')
  if (failure.code === 'cannot-answer')
    return faulty(pointer, 'not-offered', 'cannot be asked of this registry', '证照库不支持此种查询方式')
  const seconds = Math.ceil((failure.retryAfterMs ?? 0) / 1000)
  return problem('unavailable', {
    detail: 'the certificate registry gives no answer at present',
    detailZh: '证照库暂时无法答复，请稍后重试或核验原件',
    ...(seconds > 0 ? { headers: { 'retry-after': String(seconds) } } : {}),
  })
}

/** A QR code may be of any certificate: of which type it is must be what the window believes it is. */
const otherType = (): Problem =>
  faulty(
    '/certificateType',
    'certificate-type-wrong',
    'is not the type of this certificate',
    '与该证照的类型不符',
  )

const faulty = (pointer: string, code: FaultCode, message: string, messageZh: string): Problem =>
  problem('invalid-request', { errors: [fieldError(pointer, code, message, messageZh)] })
