// Takes one uploaded file into the store, whichever way it came: checks name, type and announcements on the way,
// and says as a problem what was wrong. It must not read the body other than through the store.

import type { Readable } from 'node:stream'
import type { StoredFile } from '../adapter-kit/contract.ts'
import type { FaultCode } from '../http/fault-codes.ts'
import { at, fieldError } from '../http/field-error.ts'
import { isProblem, type ProblemCode, problem } from '../http/problems.ts'
import { isMaterialFailure, type MaterialFailureKind } from './failures.ts'
import { safeFileName } from './file-name.ts'
import { decideMediaType } from './media-type.ts'
import type { MaterialStore } from './store.ts'

export interface Receiving {
  store: MaterialStore
  maxBytes: number
  sm3: boolean
}

interface FileAbout {
  /** Content-Type as it came. */
  declaredType?: string | undefined
  fileName?: string | undefined
  sha256?: string | undefined
  bytes?: number | undefined
  /** No more than this can come: what is left of the form. */
  atMostBytes?: number | undefined
  /** See PutOptions. */
  chunksAreOurs?: boolean
  /** Name of the multipart part, for the problem's pointer. */
  part?: string | undefined
}

export interface ReceivedFile extends StoredFile {
  sm3?: string
}

/** Rejects with a problem; the source is then paused, not destroyed. */
export async function receiveFile(source: Readable, about: FileAbout, to: Receiving): Promise<ReceivedFile> {
  const pointer = about.part === undefined ? '' : at('', about.part)
  const fileName = about.fileName === undefined ? undefined : safeFileName(about.fileName)
  let mediaType = 'application/octet-stream'
  const inspect = (firstBytes: Buffer) => {
    if (firstBytes.length === 0) throw refused('invalid-request', pointer, 'empty-file', emptyFile)
    const decision = decideMediaType(about.declaredType, firstBytes, fileName)
    if ('refusal' in decision) {
      throw refused('unsupported-media-type', pointer, decision.refusal.code, decision.refusal)
    }
    mediaType = decision.mediaType
  }
  try {
    const kept = await to.store.put(source, {
      maxBytes: to.maxBytes,
      sm3: to.sm3,
      inspect,
      chunksAreOurs: about.chunksAreOurs ?? false,
      ...(about.sha256 === undefined ? {} : { expectedSha256: about.sha256 }),
      ...(about.bytes === undefined ? {} : { expectedBytes: about.bytes }),
      ...(about.atMostBytes === undefined ? {} : { atMostBytes: about.atMostBytes }),
    })
    return { ...kept, mediaType, fileName: fileName ?? safeFileName('') }
  } catch (error) {
    throw asProblem(error, pointer)
  }
}

interface Words {
  message: string
  messageZh: string
}

const emptyFile: Words = { message: 'the file is empty', messageZh: '文件为空' }

type OfAnUpload = Exclude<MaterialFailureKind, 'missing' | 'damaged' | 'unavailable'>

const meanings: Readonly<Record<OfAnUpload, Words & { code: ProblemCode }>> = {
  'too-large': {
    code: 'too-large',
    message: 'the file is larger than allowed',
    messageZh: '文件超过允许的大小',
  },
  'hash-mismatch': {
    code: 'hash-mismatch',
    message: 'the bytes received do not have the hash announced',
    messageZh: '收到的内容与声明的摘要不符',
  },
  truncated: {
    code: 'truncated-upload',
    message: 'the upload ended before the whole file came',
    messageZh: '文件未传完即中断',
  },
  'storage-full': {
    code: 'storage-full',
    message: 'no room for files at present',
    messageZh: '存储空间不足',
  },
}

function asProblem(error: unknown, pointer: string): unknown {
  if (!isMaterialFailure(error)) return error
  const { materialFailure: kind } = error
  if (kind === 'missing' || kind === 'damaged') return error
  if (kind === 'unavailable') return away()
  // The body was ended by us, who know why.
  if (isProblem(error.cause)) return error.cause
  const meaning = meanings[kind]
  return refused(meaning.code, pointer, kind, meaning)
}

const away = (): Error =>
  problem('unavailable', {
    detail: 'files cannot be kept at present; send it again',
    detailZh: '暂时无法保存文件，请稍后重新上传',
  })

function refused(
  code: ProblemCode,
  pointer: string,
  reason: FaultCode,
  { message, messageZh }: Words,
): Error {
  return problem(code, {
    detail: message,
    detailZh: messageZh,
    errors: [fieldError(pointer, reason, message, messageZh)],
  })
}
