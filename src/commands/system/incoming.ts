// What a system's own message means to us, and what it is answered, before the system sends one. Nothing is recorded.

import { messageOf } from '../../adapter-kit/conformance/incoming.ts'
import type { ScriptedMessage } from '../../adapter-kit/conformance/sample.ts'
import { typeOf } from '../../adapter-kit/conformance/server.ts'
import type { Adapter, HttpAnswer, InboundMessage, Reading } from '../../adapter-kit/contract.ts'
import { AdapterFailure } from '../../adapter-kit/failures.ts'
import type { Configured } from './configured.ts'

/** What the gateway would say of a submission that it takes. */
const PRETENDED = { submissionId: 'sub_sample', cases: [] }

/** Lines to be shown. @throws AdapterFailure when the message is not read */
export async function readMessage(
  { system, manifest }: Configured,
  scripted: ScriptedMessage,
): Promise<string[]> {
  const adapter = manifest.create(system.settings)
  try {
    if (!adapter.incoming) throw sendsNothing(system.id)
    const message = arriving(scripted)
    const reading = await adapter.incoming.read(message)
    return [...readLines(reading), '', ...answerLines(adapter.incoming, reading, message)]
  } finally {
    await adapter.close?.()
  }
}

/** Now, unless the sample says when: a signature carries its time. */
function arriving({ headers, ...scripted }: ScriptedMessage): InboundMessage {
  const typed = { 'content-type': typeOf(scripted), ...headers }
  return messageOf({ receivedAt: new Date().toISOString(), ...scripted, headers: typed })
}

function readLines({ events = [], unread = [], submission }: Reading): string[] {
  if (submission !== undefined)
    return ['✔ a submission, not yet checked · 申办（尚未校验）', ...shown(submission)]
  const refused = unread.map(({ failure }) => `✘ unread · 未能识别: ${failure.message}`)
  if (events.length === 0 && refused.length === 0)
    return ['✔ tells nothing that is tracked · 不含需要跟踪的状态']
  return [...events.flatMap((event) => [`✔ ${event.type}`, ...shown(event)]), ...refused]
}

function answerLines(incoming: NonNullable<Adapter['incoming']>, reading: Reading, message: InboundMessage) {
  const answer = reading.submission === undefined ? {} : { answer: PRETENDED }
  const {
    status,
    headers = {},
    body,
  }: HttpAnswer = incoming.acknowledge({ ok: true, duplicate: false, ...answer }, message)
  const type = headers['content-type'] ?? ''
  const charset = /charset=([\w-]+)/i.exec(type)?.[1] ?? 'utf-8'
  const text = typeof body === 'string' ? body : new TextDecoder(charset).decode(body)
  return [`once recorded it is answered · 记录后应答: ${status} ${type}`, `  ${text}`]
}

const shown = (value: unknown): string[] =>
  JSON.stringify(value, null, 2)
    .split('\n')
    .map((line) => `  ${line}`)

const sendsNothing = (id: string): AdapterFailure =>
  new AdapterFailure(
    'rejected',
    `${id} 按其设置不接收消息 (nothing is read from this system: its settings name no incoming messages, or nothing proves who sends them)`,
    { sent: false },
  )
