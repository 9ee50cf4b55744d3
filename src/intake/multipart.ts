// A submission sent as one form: its JSON and its files together. The JSON's bytes are kept exactly as received, for
// they are evidence; each file goes straight to the store. What the JSON says is not looked at here.

import type { FastifyRequest } from 'fastify'
import { fieldError } from '../http/field-error.ts'
import { refuseCompressed } from '../http/json-body.ts'
import { problem } from '../http/problems.ts'
import { type FormPart, readParts } from '../materials/form-parts.ts'
import { type ReceivedFile, receiveFile } from '../materials/receive-file.ts'
import type { MaterialStore } from '../materials/store.ts'
import type { Settings } from '../settings/settings.ts'

const SUBMISSION = 'submission'

interface SubmissionForm {
  /** Exactly the bytes of the part `submission`. */
  submission: Buffer
  /** By part name. */
  files: Map<string, ReceivedFile>
}

interface FormDeps {
  store: MaterialStore
  limits: Settings['limits']
}

/**
 * Reads a multipart/form-data request; `acceptMultipart` must have been called for its scope. Rejects with problems
 * that name the part: too-many-parts, too-large, truncated-upload, unsupported-media-type, storage-full,
 * invalid-request (`submission` missing, a repeated or missing name, an empty file). No temporary file stays;
 * files that were complete stay in the store until orphans are collected.
 */
export async function readMultipartSubmission(
  request: FastifyRequest,
  { store, limits }: FormDeps,
): Promise<SubmissionForm> {
  const files = new Map<string, ReceivedFile>()
  const receiving = { store, maxBytes: limits.maxFileBytes, sm3: limits.sm3 }
  let submission: Buffer | undefined

  async function take({ name, mediaType, stream, ...part }: FormPart): Promise<void> {
    if (name === SUBMISSION) submission = await bytesOf({ name, stream }, limits.maxBodyBytes)
    else {
      const about = { ...part, part: name, declaredType: mediaType }
      files.set(name, await receiveFile(stream, about, receiving))
    }
  }

  refuseCompressed(request)
  await readParts(request, { maxParts: limits.maxParts }, take)
  if (submission === undefined) throw missing()
  return { submission, files }
}

async function bytesOf(
  { name, stream }: Pick<FormPart, 'name' | 'stream'>,
  maxBytes: number,
): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > maxBytes) throw tooLarge(name, maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

function tooLarge(name: string, maxBytes: number): Error {
  const message = `the part ${name} is larger than ${maxBytes} bytes`
  const messageZh = `${name} 部分超过 ${maxBytes} 字节`
  return problem('too-large', {
    detail: message,
    detailZh: messageZh,
    errors: [fieldError(`/${name}`, 'too-large', message, messageZh)],
  })
}

function missing(): Error {
  const message = `the form has no part named ${SUBMISSION}`
  const messageZh = `表单缺少 ${SUBMISSION} 部分`
  const errors = [fieldError(`/${SUBMISSION}`, 'part-missing', message, messageZh)]
  return problem('invalid-request', { detail: message, detailZh: messageZh, errors })
}
