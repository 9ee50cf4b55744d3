// One signed message to the rating system, and what its answer says. Must not know what the message is about.

import type { Attempt } from '../../src/adapter-kit/contract.ts'
import type { HttpResponse } from '../../src/adapter-kit/http.ts'
import { record, text } from '../../src/adapter-kit/loose-json.ts'
import { wrapped } from './envelope.ts'
import type { HaochapingSettings, Meaning } from './settings.ts'

const ANSWER_MAX_BYTES = 256 * 1024
const DESC = 'C-Response-Desc'

interface Said {
  /** C-Response-Desc as it stands there; undefined where the answer has none. */
  desc: string | undefined
  /** Undefined for a text that the settings do not know. */
  means: Meaning | undefined
}

export async function say(
  params: Record<string, unknown>,
  settings: HaochapingSettings,
  attempt: Attempt,
): Promise<Said> {
  const response = await attempt.http.request({
    method: 'POST',
    url: settings.url,
    headers: { 'content-type': 'application/json; charset=utf-8', 'idempotency-key': attempt.key },
    body: wrapped(params, settings, attempt.now()),
    maxBytes: ANSWER_MAX_BYTES,
  })
  const desc = descOf(response)
  return { desc, means: desc === undefined ? undefined : meaningOf(desc, settings) }
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
