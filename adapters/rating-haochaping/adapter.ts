// Speaks with a 好差评 system: tells it of services, hears what applicants say of them. Transport only; the words are in
// translate.ts, envelope.ts and evaluation.ts. Nothing here rates anything.

import type { Adapter, Attempt, Receipt, ServiceContent } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { HttpResponse } from '../../src/adapter-kit/http.ts'
import { record, text } from '../../src/adapter-kit/loose-json.ts'
import { maskText, personsIn } from '../../src/adapter-kit/masking.ts'
import { unwrapped, wrapped } from './envelope.ts'
import { acknowledge, eventOf } from './evaluation.ts'
import type { HaochapingSettings, Meaning } from './settings.ts'
import { paramsOf } from './translate.ts'

const ANSWER_MAX_BYTES = 256 * 1024
const DESC = 'C-Response-Desc'

export function createHaochaping(settings: HaochapingSettings): Adapter {
  return {
    outgoing: {
      // A service is named by projectNo and serviceNumber: pushed again, it is the same one.
      recordService: { send: (service, attempt) => push(settings, service, attempt), honoursKey: true },
    },
    incoming: { read: (message) => ({ events: [eventOf(unwrapped(message, settings))] }), acknowledge },
  }
}

async function push(
  settings: HaochapingSettings,
  service: ServiceContent,
  attempt: Attempt,
): Promise<Receipt> {
  const response = await attempt.http.request({
    method: 'POST',
    url: settings.url,
    headers: { 'content-type': 'application/json; charset=utf-8', 'idempotency-key': attempt.key },
    body: wrapped(paramsOf(service, settings), settings, attempt.now()),
    maxBytes: ANSWER_MAX_BYTES,
  })
  const desc = descOf(response)
  const means = desc === undefined ? undefined : meaningOf(desc, settings)
  if (means === 'done') return {}
  if (means === 'duplicate') return { duplicate: true }
  const told = maskText(desc ?? '', personsIn(service))
  if (means === undefined)
    throw new AdapterFailure('unrecognised', `好差评的回复无法识别 (answer not understood): ${told}`)
  throw new AdapterFailure(means, `好差评 (rating system): ${told}`)
}

/** In the body, or as a header where a gateway in between put it there. */
function descOf(response: HttpResponse): string | undefined {
  const header = response.headers[DESC.toLowerCase()]
  return text(record(response.json())[DESC]) ?? (typeof header === 'string' ? header : undefined)
}

function meaningOf(desc: string, { answers = [] }: HaochapingSettings): Meaning | undefined {
  const said = desc.trim()
  const row = answers.find((one) => one.desc === said)
  return row?.means ?? (said.toLowerCase() === 'success' ? 'done' : undefined)
}
