// What the invented applicants do when news reaches them: they answer a correction with a fresh scan,
// and they come to their appointments. They never look at anything but the news.

import type { CityContext } from '../actor.ts'
import { makeFile } from '../files/index.ts'
import { fraction } from '../random.ts'
import { count, type KnownMaterial, noteRefusal, type PlatformBook, type TakenSubmission } from './books.ts'
import type { News } from './callbacks.ts'
import { type GatewayClient, json, jsonOf } from './gateway-client.ts'

interface Applicants {
  hear(news: News): void
  /** The cases of a submission that was made for an appointment. */
  expect(caseIds: readonly string[]): void
}

const THINKING_MS = 1_500
const UNTIL_APPOINTMENT_MS = 2_000
const SCAN_BYTES = 9_000
/** Not awaited (any more): a material given once serves every case that asked for it. */
const CONFLICT = 409

export function gatherApplicants(
  context: CityContext,
  gateway: GatewayClient,
  book: PlatformBook,
): Applicants {
  return {
    hear(news) {
      if (news.type !== 'case.correction-requested' && news.type !== 'case.pre-review-returned') return
      context.later(THINKING_MS * (0.5 + fraction(news.id)), () => supplement(gateway, book, news))
    },
    expect(caseIds) {
      for (const caseId of caseIds) {
        const ms = UNTIL_APPOINTMENT_MS * (0.5 + fraction(caseId))
        context.later(ms, () => attend(gateway, book, caseId))
      }
    },
  }
}

async function supplement(gateway: GatewayClient, book: PlatformBook, news: News): Promise<void> {
  const submission = submissionOf(book, news.submissionId)
  const asked = await askedFor(gateway, news, submission)
  const materials = await Promise.all(
    asked.map(async ({ code, name, scanType: mediaType }) => {
      const seed = `${news.id} ${code}`
      const holder = submission?.applicantName ?? '申请人'
      const file = makeFile({ mediaType, title: name, holder, bytes: SCAN_BYTES, seed })
      const materialId = await gateway.upload(file, `${news.id}-${code}`, 'raw')
      return { code, source: 'upload', materialId }
    }),
  )
  const path = `/v1/cases/${news.caseId}/supplements`
  const answer = await gateway.post(path, `supplement-${news.id}`, json({ materials, note: '已按要求补正' }))
  if (answer.status < 300) return count(book, 'supplements')
  if (answer.status === CONFLICT) return count(book, 'supplementsNotAwaited')
  noteRefusal(book, 'supplementsRefused', `supplement ${news.caseId}: ${answer.status} ${answer.body}`)
}

async function attend(gateway: GatewayClient, book: PlatformBook, caseId: string): Promise<void> {
  const path = `/v1/cases/${caseId}/appointment`
  const answer = await gateway.post(path, `attended-${caseId}`, json({ outcome: 'attended' }))
  if (answer.status < 300) return count(book, 'attendances')
  if (answer.status === CONFLICT) return count(book, 'attendancesNotAwaited')
  noteRefusal(book, 'attendancesRefused', `appointment ${caseId}: ${answer.status} ${answer.body}`)
}

/** What the news names; where it names nothing, one material of the case, or an explanation if it has none. */
async function askedFor(
  gateway: GatewayClient,
  news: News,
  submission: TakenSubmission | undefined,
): Promise<KnownMaterial[]> {
  const detail = (news.data.detail ?? {}) as Record<string, unknown>
  const listed = [news.data.materials, detail.materials].find(
    (list) => Array.isArray(list) && list.length > 0,
  )
  const codes = listed ? (listed as { code: string }[]) : [await oneOf(gateway, news.caseId)]
  return codes.map(
    ({ code }) =>
      submission?.materials.find((material) => material.code === code) ?? {
        code,
        name: code,
        scanType: 'application/pdf',
      },
  )
}

async function oneOf(gateway: GatewayClient, caseId: string): Promise<{ code: string }> {
  const own = jsonOf(await gateway.get(`/v1/cases/${caseId}/materials`))?.items as
    | { code: string }[]
    | undefined
  return own?.[0] ?? { code: `explanation-${caseId.slice(-2)}` }
}

function submissionOf(book: PlatformBook, submissionId: string): TakenSubmission | undefined {
  for (const taken of book.submissions.values()) if (taken.submissionIds.has(submissionId)) return taken
  return undefined
}
