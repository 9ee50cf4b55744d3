// Whether a copy that somebody brought was issued by the registry: verifyFile judges the bytes themselves.

import type { Questions } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isRecord } from '../../src/adapter-kit/loose-json.ts'
import { ask, type Line } from './call.ts'
import { kindOf } from './file-kinds.ts'
import { pass, rowOf, verificationByCode } from './statuses.ts'
import { resultOf } from './verify.ts'

type Asked = Questions['verifyCertificateFile']['asked']
type Answer = Questions['verifyCertificateFile']['answer']

const NAME = 'verifyFile'

/** @throws AdapterFailure 'rejected', not sent, for a file that is too large or no copy of a certificate at all */
export async function verifyCopy(line: Line, { file, certificateType }: Asked): Promise<Answer> {
  const bytes = await bytesOf(line, file.sha256)
  if ((await kindOf(bytes)) === undefined)
    throw unfit('not-a-copy', '文件不是 OFD、PDF 或 PNG (the file is no OFD, PDF or PNG)')
  const { row, data } = await ask(line, NAME, {
    certTypeCode: certificateType,
    contentType: 'base64',
    content: bytes.toString('base64'),
  })
  if (row.standing !== undefined) return { status: row.standing }
  pass(row, NAME)
  if (isNothing(data)) return { status: 'valid' }
  const told = rowOf(resultOf(data), verificationByCode, NAME)
  if (told.standing !== undefined) return { status: told.standing }
  pass(told, NAME)
  return { status: 'valid' }
}

/** No public specification says what stands beside status 0: some registries say nothing more. */
const isNothing = (data: unknown): boolean =>
  data === undefined || data === null || data === '' || (isRecord(data) && Object.keys(data).length === 0)

async function bytesOf({ attempt, settings }: Line, sha256: string): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of await attempt.files.open(sha256)) {
    const bytes = Buffer.from(piece)
    size += bytes.length
    if (size > settings.maxFileBytes) throw unfit('too-large', '文件超过大小上限 (the file is too large)')
    pieces.push(bytes)
  }
  return Buffer.concat(pieces, size)
}

function unfit(code: string, what: string): AdapterFailure {
  return new AdapterFailure('rejected', `证照登记系统：${what}`, { sent: false, code })
}
