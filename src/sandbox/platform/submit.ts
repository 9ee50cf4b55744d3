// From a wish to an accepted submission: files first, then the submission itself, in canonical form
// or in the platform's own, repeated with one key until the gateway has answered for good.

import { beijingIso } from '../beijing-time.ts'
import type { Answer } from '../caller.ts'
import { createRandom } from '../random.ts'
import { caseOf, count, noteRefusal, type PlatformBook } from './books.ts'
import type { CatalogueReader, Mode } from './catalogue.ts'
import { compose, type Request, wishFor } from './compose.ts'
import { countyAcceptance, countySubmission } from './county.ts'
import { type Content, filePart, type GatewayClient, json, jsonOf, multipart } from './gateway-client.ts'

export interface SubmitOrder {
  externalId: string
  seed: string
  theme: string
  mode: Mode
  /** The files travel inside the submission's request. */
  multipart: boolean
  /** The same request is sent once more afterwards. */
  repeat: boolean
}

interface SubmitParts {
  id: string
  format: 'canonical' | 'county'
  gateway: GatewayClient
  catalogue: CatalogueReader
  book: PlatformBook
  largestFile: number
  windowOf(division: string): { hall: string; window: string }
  expectAppointment(caseIds: readonly string[]): void
}

export async function submit(parts: SubmitParts, order: SubmitOrder): Promise<boolean> {
  const request = await makeRequest(parts, order)
  if (!request) {
    noteRefusal(parts.book, 'refused', `${order.theme} ${order.mode}: not offered`)
    return false
  }
  const inside = order.multipart && parts.format === 'canonical'
  const content = inside ? wholeInOne(request) : await uploadedFirst(parts, order, request)
  if (inside) count(parts.book, 'multipart')
  const path = parts.format === 'county' ? `/v1/platforms/${parts.id}/submissions` : '/v1/submissions'
  const answer = await parts.gateway.post(path, order.externalId, content)
  if (!note(parts, order, request, answer)) return false
  if (order.repeat) await repeat(parts, order, () => parts.gateway.post(path, order.externalId, content))
  return true
}

async function makeRequest(parts: SubmitParts, order: SubmitOrder): Promise<Request | undefined> {
  const random = createRandom(`${order.seed} ${order.theme} ${order.mode}`)
  const today = new Date()
  const theme = await parts.catalogue.theme(order.theme)
  if (!theme?.modes.includes(order.mode)) return undefined
  const wish = wishFor(theme, order.mode, random, today)
  const { homeDivision: home, mode, situations } = wish
  const checklist = await parts.catalogue.checklist({ theme: order.theme, home, mode, situations })
  if (!checklist) return undefined
  const { largestFile, windowOf } = parts
  return compose(wish, checklist, { externalId: order.externalId, windowOf, largestFile, random, today })
}

function wholeInOne({ submission, materials }: Request): Content {
  const listed = materials.map(({ file, name: _, scanType: __, ...material }, i) => ({
    ...material,
    ...(file ? { part: `file${i}` } : {}),
  }))
  const body = JSON.stringify({ ...submission, materials: listed })
  const files = materials.flatMap(({ file }, i) => (file ? [filePart(`file${i}`, file)] : []))
  return multipart([{ name: 'submission', type: 'application/json', body }, ...files])
}

async function uploadedFirst(parts: SubmitParts, order: SubmitOrder, request: Request): Promise<Content> {
  const materials = await Promise.all(
    request.materials.map(async ({ file, name: _, scanType: __, ...material }, i) => {
      if (!file) return material
      const form = i % 4 === 3 ? 'multipart' : 'raw'
      const materialId = await parts.gateway.upload(file, `${order.externalId}-${material.code}`, form)
      count(parts.book, 'uploads')
      return { ...material, materialId }
    }),
  )
  const submission = { ...request.submission, materials }
  return parts.format === 'county' ? countySubmission(submission, beijingIso(Date.now())) : json(submission)
}

/** Writes the acceptance down; false when it was refused. */
function note(parts: SubmitParts, order: SubmitOrder, request: Request, answer: Answer): boolean {
  const taken = acceptance(parts, answer)
  if (!taken) {
    const what = `${order.theme} ${order.mode}`
    noteRefusal(
      parts.book,
      'refused',
      `${what}: ${answer.status} ${answer.body.toString('utf8').slice(0, 800)}`,
    )
    return false
  }
  count(parts.book, 'accepted')
  if (isReplayed(answer)) count(parts.book, 'replayed')
  const { book } = parts
  const known = book.submissions.get(order.externalId)
  const submissionIds = known?.submissionIds ?? new Set<string>()
  submissionIds.add(taken.submissionId)
  const applicant = request.submission.applicant as { name: string }
  const materials = request.materials.map(({ code, name, scanType }) => ({ code, name, scanType }))
  book.submissions.set(order.externalId, {
    externalId: order.externalId,
    submissionIds,
    mode: order.mode,
    applicantName: applicant.name,
    materials,
  })
  for (const caseId of taken.caseIds) caseOf(book, caseId, taken.submissionId)
  if (order.mode === 'appointment') parts.expectAppointment(taken.caseIds)
  return true
}

/** Only the same submission again, marked as such where the form has a mark, proves the replay. */
async function repeat(parts: SubmitParts, order: SubmitOrder, send: () => Promise<Answer>): Promise<void> {
  const { book } = parts
  count(book, 'repeats')
  const answer = await send()
  const again = acceptance(parts, answer)
  const ids = book.submissions.get(order.externalId)?.submissionIds
  const same = again !== undefined && ids?.has(again.submissionId) === true
  if (again) ids?.add(again.submissionId)
  if (same && (parts.format === 'county' || isReplayed(answer))) count(book, 'replayed')
  else
    noteRefusal(book, 'repeatsNotReplayed', `repeat of ${order.externalId}: ${answer.status} ${answer.body}`)
}

function isReplayed(answer: Answer): boolean {
  return answer.headers['idempotent-replayed'] === 'true'
}

function acceptance(
  parts: SubmitParts,
  answer: Answer,
): { submissionId: string; caseIds: string[] } | undefined {
  if (answer.status !== 202 && answer.status !== 200) return undefined
  const said = parts.format === 'county' ? countyAcceptance(answer) : jsonOf(answer)
  if (typeof said?.submissionId !== 'string') return undefined
  const cases = Array.isArray(said.cases) ? (said.cases as { caseId?: unknown }[]) : []
  return { submissionId: said.submissionId, caseIds: cases.map(({ caseId }) => String(caseId)) }
}
