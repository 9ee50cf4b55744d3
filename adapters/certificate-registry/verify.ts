// The registry's own judgement of one record: verifyCertInfo sends the record back as it came.

import { isRecord, text } from '../../src/adapter-kit/loose-json.ts'
import { call, type Line } from './call.ts'
import type { FoundCertificate } from './records.ts'
import { pass, rowOf, type Standing, verificationByCode } from './statuses.ts'

const NAME = 'verifyCertInfo'

/** The registry's code for "correct and valid". @throws AdapterFailure unless the record is that */
export async function mustBeValid(line: Line, found: FoundCertificate): Promise<string> {
  const row = await verification(line, found)
  pass(row, NAME)
  return row.code
}

/** Where the certificate stands. @throws AdapterFailure when the result says nothing of that */
export async function standingOf(line: Line, found: FoundCertificate): Promise<Standing> {
  const row = await verification(line, found)
  if (row.standing !== undefined) return row.standing
  pass(row, NAME)
  return 'valid'
}

async function verification(line: Line, { type, record }: FoundCertificate) {
  const answer = await call(line, NAME, { certTypeCode: type, certData: record })
  return rowOf(resultOf(answer), verificationByCode, NAME)
}

/** The code of a judgement: `{result}`, bare, or either as the only one of a list. */
export function resultOf(answer: unknown): string | undefined {
  const told = Array.isArray(answer) && answer.length === 1 ? answer[0] : answer
  return text(isRecord(told) ? told.result : told)
}
