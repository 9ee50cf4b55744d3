// One call to a CertShare registry: `{head: {accessId, accessToken}, data}` out, `{head: {status}, data}` back.
// Knows the envelope only; what a call means is said by those who make it.

import type { Attempt, CertificateGrant } from '../../src/adapter-kit/contract.ts'
import { isRecord, text } from '../../src/adapter-kit/loose-json.ts'
import { grantFields } from './grants.ts'
import type { CompleteSettings } from './settings.ts'
import { type AnswerRow, answerByCode, pass, rowOf } from './statuses.ts'

/** What every call needs beside its own data. */
export interface Line {
  settings: CompleteSettings
  attempt: Attempt
  /** useCause of every call; registries refuse calls without. */
  cause: string
  grant?: CertificateGrant | undefined
}

interface Told {
  /** What head.status means. */
  row: AnswerRow
  data: unknown
}

/** `data` of a good answer. @throws AdapterFailure as the status's row says, 'unrecognised' for one without a row */
export async function call(line: Line, name: string, data: object, maxBytes?: number): Promise<unknown> {
  const told = await ask(line, name, data, maxBytes)
  pass(told.row, name)
  return told.data
}

/** As `call`, but what the status says of a certificate is told, not thrown. */
export async function ask(
  line: Line,
  name: string,
  data: object,
  maxBytes?: number,
  rows: ReadonlyMap<string, AnswerRow> = answerByCode,
): Promise<Told> {
  const { settings, attempt } = line
  const { accessId, accessToken } = settings
  const grant = grantFields(settings.grant, line.grant)
  const inHead = settings.grant.in === 'head'
  const head = { accessId, accessToken, ...(inHead ? grant : {}) }
  const body = { head, data: { ...data, ...(inHead ? {} : grant), useCause: line.cause } }
  const response = await attempt.http.request({
    method: 'POST',
    url: `${settings.url}/${name}`,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  })
  const answer = response.json()
  const said = isRecord(answer) ? answer.head : undefined
  const row = rowOf(isRecord(said) ? text(said.status) : undefined, rows, name)
  return { row, data: isRecord(answer) ? answer.data : undefined }
}
