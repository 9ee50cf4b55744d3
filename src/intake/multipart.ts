// A submission sent as one form: its JSON and its files together. The JSON's bytes are kept exactly as received, for
// they are evidence; each file goes straight to the store. What the JSON says is not looked at here.

import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { fieldError } from '../http/field-error.ts'
import { refuseCompressed } from '../http/json-body.ts'
import { isProblem, type Problem, problem } from '../http/problems.ts'
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
  /** Of parts that are no files that anybody takes, by name. */
  refused: Map<string, Problem>
}

interface FormDeps {
  store: MaterialStore
  limits: Settings['limits']
}

/**
 * Reads a multipart/form-data request; `acceptMultipart` must have been called for its scope. Rejects with problems
 * that name the part: too-many-parts, too-large, truncated-upload, storage-full, unsupported-media-type (an encoding, or
 * a large file that nobody takes), invalid-request (`submission` missing, a repeated or missing name). No temporary file stays;
 * files that were complete stay in the store until orphans are collected.
 */
export async function readMultipartSubmission(
  request: FastifyRequest,
  { store, limits }: FormDeps,
): Promise<SubmissionForm> {
  const files = new Map<string, ReceivedFile>()
  const refused = new Map<string, Problem>()
  const rest = { bytes: MOST_PASSED_OVER }
  const receiving = { store, maxBytes: limits.maxFileBytes, sm3: limits.sm3 }
  let submission: Buffer | undefined

  async function take({ name, mediaType, stream, ...part }: FormPart): Promise<void> {
    if (name === SUBMISSION) submission = await bytesOf({ name, stream }, limits.maxBodyBytes)
    else {
      const about = { ...part, part: name, declaredType: mediaType }
      try {
        files.set(name, await receiveFile(stream, about, receiving))
      } catch (error) {
        if (!isOfItsBytes(error)) throw error
        refused.set(name, error)
        if (!(await passOver(stream, rest))) throw error
      }
    }
  }

  refuseCompressed(request)
  await readParts(request, { maxParts: limits.maxParts }, take)
  if (submission === undefined) throw missing()
  return { submission, files, refused }
}

/** So that the other parts are looked at too. More of it is not waited for. */
const MOST_PASSED_OVER = 16 * 1024 * 1024

/** Nothing of the kind is taken, or there is nothing in it; what has been cut off or finds no room is no such file. */
const isOfItsBytes = (error: unknown): error is Problem =>
  isProblem(error) &&
  (error.problemCode === 'unsupported-media-type' || error.errors?.[0]?.code === 'empty-file')

/** False when there is too much of it. */
async function passOver(stream: Readable, rest: { bytes: number }): Promise<boolean> {
  for await (const chunk of stream) {
    rest.bytes -= (chunk as Buffer).length
    if (rest.bytes < 0) return false
  }
  return true
}

/** One refusal for all of them; null for none. */
export function refusalOf(refused: SubmissionForm['refused']): Problem | null {
  const [first, ...others] = refused.values()
  if (first === undefined || others.length === 0) return first ?? null
  const { detail, detailZh } = first as { detail: string; detailZh: string }
  const errors = [first, ...others].flatMap((one) => one.errors ?? [])
  return problem(first.problemCode, { detail, detailZh, errors })
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
