// Where the gateway tells a platform what happened: CloudEvents 1.0 signed by Standard Webhooks. Checks, absorbs
// repeats by webhook-id, watches the order within each subject, and passes news on to the applicants.

import type { FastifyInstance } from 'fastify'
import { checkWebhook } from '../signature.ts'
import { caseOf, count, type PlatformBook } from './books.ts'

export interface News {
  id: string
  type: string
  caseId: string
  submissionId: string
  data: Record<string, unknown>
}

export function callbackRoutes(
  app: FastifyInstance,
  parts: { book: PlatformBook; secret: string; onNews(news: News): void },
): void {
  const { book } = parts
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.post('/callbacks', async (request, reply) => {
    count(book, 'callbacks')
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    if (!checkWebhook(parts.secret, request.headers, body)) {
      count(book, 'badSignatures')
      return reply.code(401).send({ error: '签名错误 bad signature' })
    }
    const id = String(request.headers['webhook-id'])
    if (book.seenWebhooks.has(id)) {
      count(book, 'duplicates')
      return { ok: true, duplicate: true }
    }
    const event = readEvent(body)
    if (!event) return reply.code(422).send({ error: '不是 CloudEvents 1.0 not a CloudEvents 1.0 event' })
    book.seenWebhooks.add(id)
    const news = record(book, id, event)
    if (news) parts.onNews(news)
    return { ok: true }
  })
}

interface CloudEvent {
  type: string
  subject: string
  sequence: string
  data: Record<string, unknown>
}

function readEvent(body: Buffer): CloudEvent | undefined {
  try {
    const event = JSON.parse(body.toString('utf8')) as Record<string, unknown>
    if (event.specversion !== '1.0' || typeof event.id !== 'string' || typeof event.source !== 'string')
      return undefined
    if (typeof event.type !== 'string') return undefined
    const data = typeof event.data === 'object' && event.data !== null ? event.data : {}
    const subject = typeof event.subject === 'string' ? event.subject : ''
    return {
      type: event.type,
      subject,
      sequence: String(event.sequence ?? ''),
      data: data as CloudEvent['data'],
    }
  } catch {
    return undefined
  }
}

/**
 * undefined for events that are of no interest here: not about a case, nor about a parcel that was ordered.
 * What is marked `late` tells a fact and moves nothing.
 */
function record(book: PlatformBook, id: string, event: CloudEvent): News | undefined {
  const caseId = textOf(event.data.caseId) || (event.subject.startsWith('case_') ? event.subject : '')
  const submissionId = textOf(event.data.submissionId)
  if (caseId && event.type === 'parcel.ordered')
    return { id, type: event.type, caseId, submissionId, data: event.data }
  if (!caseId || !event.type.startsWith('case.')) return undefined
  const known = caseOf(book, caseId, submissionId)
  known.types.push(event.type)
  const inOrder = known.lastSequence === '' || isLater(event.sequence, known.lastSequence)
  if (!inOrder) count(book, 'outOfOrder')
  else known.lastSequence = event.sequence
  if (event.data.late === true) count(book, 'late')
  else if (inOrder) known.state = event.type.slice('case.'.length)
  return { id, type: event.type, caseId, submissionId: known.submissionId, data: event.data }
}

/** CloudEvents `sequence`: numbers by value, other texts in lexical order. */
function isLater(sequence: string, before: string): boolean {
  const numeric = /^\d+$/
  if (numeric.test(sequence) && numeric.test(before)) return BigInt(sequence) > BigInt(before)
  return sequence > before
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
