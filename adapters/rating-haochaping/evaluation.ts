// An evaluation that the rating system pushes in: exactly what the applicant said. A message without a
// satisfaction from 1 to 5 is no evaluation; nothing is filled in.

import { hash } from 'node:crypto'
import type { ExternalEvent, HttpAnswer, IncomingOutcome } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { CHINA_OFFSET, toIso } from '../../src/adapter-kit/local-time.ts'
import { text } from '../../src/adapter-kit/loose-json.ts'

const LONGEST_TEXT = 4_000
const SATISFACTION = /^[1-5]$/
const NUMBER = /^[1-9]\d{0,5}$/

export function eventOf(params: Record<string, unknown>): ExternalEvent {
  const projectNo = wanted(params, 'projectNo')
  const service = wanted(params, 'serviceNumber', NUMBER)
  const satisfaction = wanted(params, 'satisfaction', SATISFACTION)
  const at = toIso(wanted(params, 'assessTime'), CHINA_OFFSET)
  const details = (text(params.evalDetail) ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
  const said = text(params.writingEvaluation)
  if (said !== undefined && said.length > LONGEST_TEXT)
    throw new AdapterFailure('unrecognised', `writingEvaluation 超过 ${LONGEST_TEXT} 字 (too long)`)
  const channel = text(params.pf)
  const whole = JSON.stringify([projectNo, service, satisfaction, details, said, at])
  return {
    id: hash('sha256', whole, 'hex').slice(0, 32),
    type: 'case.rated',
    at,
    caseId: projectNo,
    detail: {
      rating: {
        service: Number(service),
        satisfaction: Number(satisfaction) as 1 | 2 | 3 | 4 | 5,
        ...(details.length > 0 ? { details } : {}),
        ...(said === undefined ? {} : { text: said }),
        ...(channel === undefined ? {} : { channel }),
      },
    },
  }
}

function wanted(params: Record<string, unknown>, name: string, form = /./): string {
  const value = text(params[name])
  if (value !== undefined && form.test(value)) return value
  const what =
    value === undefined ? `缺少 ${name} (is missing)` : `${name} 的取值无法识别 (is not understood)`
  throw new AdapterFailure('unrecognised', what, { code: name })
}

export function acknowledge(outcome: IncomingOutcome): HttpAnswer {
  return {
    status: outcome.ok ? 200 : outcome.status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({
      txnBodyCom: {},
      txnCommCom: {},
      'C-Response-Desc': outcome.ok ? 'success' : outcome.detail,
    }),
  }
}
