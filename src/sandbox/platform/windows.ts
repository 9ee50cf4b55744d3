// The windows that submit for applicants (代收代办): once the post has a parcel for the papers they took in, they hand
// them to the postman and report it. They know only what the gateway tells a platform.

import type { CityContext } from '../actor.ts'
import { fraction } from '../random.ts'
import { count, noteRefusal, type PlatformBook } from './books.ts'
import type { News } from './callbacks.ts'
import { CLERK } from './compose.ts'
import { type GatewayClient, json, jsonOf } from './gateway-client.ts'

interface Windows {
  hear(news: News): void
}

interface WindowParts {
  gateway: GatewayClient
  book: PlatformBook
  windowOf(division: string): { hall: string; window: string }
}

const UNTIL_THE_POSTMAN_COMES_MS = 1_000

interface Parcel {
  id: string
  caseId: string
  system: string
  reference?: string
  materials: string[]
}

export function openWindows(context: CityContext, parts: WindowParts): Windows {
  return {
    hear(news) {
      if (news.type !== 'parcel.ordered' || news.data.direction !== 'collect') return
      const ms = UNTIL_THE_POSTMAN_COMES_MS * (0.5 + fraction(news.id))
      context.later(ms, () => handOver(parts, news))
    },
  }
}

async function handOver(parts: WindowParts, news: News): Promise<void> {
  const path = `/v1/submissions/${news.submissionId}`
  const submission = jsonOf(await parts.gateway.get(path))
  if (submission?.mode !== 'agent') return
  const parcels = jsonOf(await parts.gateway.get(`${path}/parcels`))?.items as Parcel[] | undefined
  const parcel = parcels?.find(({ id }) => id === news.data.parcelId)
  if (!parcel) return noteRefusal(parts.book, 'handOversRefused', `${news.data.parcelId} is not shown`)
  const report = {
    materials: parcel.materials,
    from: { kind: 'window', ...parts.windowOf(String(submission.division)), person: CLERK },
    to: { kind: 'carrier', system: parcel.system },
    place: '大厅邮政专柜',
    ...(parcel.reference ? { waybill: parcel.reference } : {}),
  }
  const answer = await parts.gateway.post(`${path}/custody`, `posted-${parcel.id}`, json(report))
  if (answer.status >= 300)
    return noteRefusal(
      parts.book,
      'handOversRefused',
      `custody ${parcel.id}: ${answer.status} ${answer.body}`,
    )
  count(parts.book, 'handOvers')
  for (const material of parcel.materials) parts.book.handOvers.push({ caseId: parcel.caseId, material })
}
