// What a platform sends in, and what it is answered: members to a submission that intake can normalise, by configuration.
// Nothing is validated here, and nothing of the message may reach a failure's summary.

import type {
  HttpAnswer,
  InboundMessage,
  Incoming,
  IncomingOutcome,
  Reading,
  RefusedOutcome,
} from '../../src/adapter-kit/contract.ts'
import type { UnreadableCode } from '../../src/adapter-kit/failures.ts'
import { standardWebhooks } from '../../src/adapter-kit/signing.ts'
import { decoder } from './decoding.ts'
import { mapped, mappingOf } from './mapping.ts'
import { completeIncoming } from './presets.ts'
import { type Rendered, renderer } from './render.ts'
import type { AcknowledgeSettings, IncomingSettings } from './settings.ts'
import { checkTemplate, fill } from './template.ts'
import { theirPointers } from './their-pointers.ts'

/** Reads and answers one platform's messages. @throws AdapterFailure 'unrecognised' for settings that cannot work */
export function createIncoming(own: IncomingSettings): Incoming {
  const settings = completeIncoming(own)
  const map = mappingOf(settings, 'incoming', 'pass')
  const placeOf = theirPointers(settings.jsonata === undefined ? (settings.fields ?? {}) : {})
  const decodeMessage = decoder(settings)
  const verify =
    settings.signature === 'standard-webhooks'
      ? standardWebhooks(settings.secrets ?? [], { digest: settings.digest ?? 'sha256' }).verify
      : undefined
  const templates = settings.acknowledge ?? {}
  checkTemplate(templates.accepted, ofTaken, 'incoming.acknowledge.accepted')
  checkTemplate(templates.refused, ofRefusal, 'incoming.acknowledge.refused')
  const render = renderer({
    form: templates.format ?? (settings.format === 'xml' ? 'xml' : 'json'),
    charset: settings.charset ?? 'utf-8',
    ...(settings.xml === undefined ? {} : { xml: settings.xml }),
    ...(templates.contentType === undefined ? {} : { contentType: templates.contentType }),
  })
  return {
    async read(message): Promise<Reading> {
      verify?.(message)
      if (verify) message.proved?.()
      return { submission: await mapped(map, decodeMessage(message), 'this platform') }
    },
    acknowledge(outcome, message) {
      const told = outcome.ok ? outcome : inTheirPlaces(outcome, placeOf)
      return acknowledge(told, message, templates, render)
    },
  }
}

/** What templates may take. */
const ofTaken = ['ok', 'duplicate', 'answer']
const ofRefusal = [
  'ok',
  'status',
  'code',
  'title',
  'titleZh',
  'detail',
  'detailZh',
  'errors',
  'reason',
  'reasonZh',
]

/** What could not be read names members of the message already. */
const ofReading: ReadonlySet<string> = new Set<UnreadableCode>([
  'malformed-json',
  'invalid-encoding',
  'unsafe-json',
  'unsupported-media-type',
  'invalid-request',
])

function inTheirPlaces(outcome: RefusedOutcome, placeOf: (ours: string) => string): RefusedOutcome {
  if (outcome.errors === undefined || ofReading.has(outcome.code)) return outcome
  return {
    ...outcome,
    errors: outcome.errors.map((one) => ({ ...one, pointer: placeOf(one.pointer) })),
  }
}

function acknowledge(
  outcome: IncomingOutcome,
  message: InboundMessage,
  templates: AcknowledgeSettings,
  render: (value: unknown) => Rendered,
): HttpAnswer {
  const template = outcome.ok ? templates.accepted : templates.refused
  if (template === undefined) return ourOwn(outcome, message)
  const status = outcome.ok ? (templates.acceptedStatus ?? 200) : (templates.refusedStatus ?? outcome.status)
  const { contentType, body } = render(fill(template, outcome.ok ? outcome : withReasons(outcome)))
  return { status, headers: { 'content-type': contentType }, body }
}

/** As many as one line of an answer holds. */
const REASONS_IN_A_LINE = 5

/** For forms that have one text for the reason: the detail, then where and why. */
function withReasons(outcome: RefusedOutcome): RefusedOutcome & { reason: string; reasonZh: string } {
  const { detail, detailZh = detail, errors = [] } = outcome
  const told = errors.filter(({ pointer }) => pointer !== '').slice(0, REASONS_IN_A_LINE)
  const line = (head: string, reasons: string[], colon: string, stop: string) =>
    reasons.length === 0 ? head : `${head}${colon}${reasons.join(stop)}`
  return {
    ...outcome,
    detailZh,
    reason: line(
      detail,
      told.map((one) => `${one.pointer} ${one.message}`),
      ': ',
      '; ',
    ),
    reasonZh: line(
      detailZh,
      told.map((one) => `${one.pointer} ${one.messageZh}`),
      '：',
      '；',
    ),
  }
}

/** As POST /v1/submissions answers: the canonical form, or an RFC 9457 problem (schemas/problem.schema.json). */
function ourOwn(outcome: IncomingOutcome, { path }: InboundMessage): HttpAnswer {
  if (outcome.ok) {
    return {
      status: outcome.duplicate ? 200 : 202,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...(outcome.duplicate ? { 'idempotent-replayed': 'true' } : {}),
      },
      body: JSON.stringify(outcome.answer ?? {}),
    }
  }
  const { status, code, detail, detailZh = detail, title = detail, titleZh = detailZh, errors } = outcome
  const document = { type: `/problems/${code}`, title, titleZh, status, code, detail, detailZh }
  return {
    status,
    headers: { 'content-type': 'application/problem+json; charset=utf-8' },
    body: JSON.stringify({ ...document, instance: path, errors }),
  }
}
