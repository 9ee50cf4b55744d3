// What a platform sends in, and what it is answered: members to a submission that intake can normalise, by configuration.
// Nothing is validated here, and nothing of the message may reach a failure's summary.

import type { HttpAnswer, Incoming, IncomingOutcome, Reading } from '../../src/adapter-kit/contract.ts'
import { standardWebhooks } from '../../src/adapter-kit/signing.ts'
import { decoder } from './decoding.ts'
import { mapped, mappingOf } from './mapping.ts'
import { completeIncoming } from './presets.ts'
import { type Rendered, renderer } from './render.ts'
import type { AcknowledgeSettings, IncomingSettings } from './settings.ts'
import { fill } from './template.ts'

/** Reads and answers one platform's messages. @throws AdapterFailure 'unrecognised' for settings that cannot work */
export function createIncoming(own: IncomingSettings): Incoming {
  const settings = completeIncoming(own)
  const map = mappingOf(settings, 'incoming', 'pass')
  const decodeMessage = decoder(settings)
  const verify =
    settings.signature === 'standard-webhooks' ? standardWebhooks(settings.secrets ?? []).verify : undefined
  const templates = settings.acknowledge ?? {}
  const render = renderer({
    form: templates.format ?? settings.format ?? 'json',
    charset: settings.charset ?? 'utf-8',
    ...(settings.xml === undefined ? {} : { xml: settings.xml }),
    ...(templates.contentType === undefined ? {} : { contentType: templates.contentType }),
  })
  return {
    async read(message): Promise<Reading> {
      verify?.(message)
      return { submission: await mapped(map, decodeMessage(message), 'this platform') }
    },
    acknowledge: (outcome) => acknowledge(outcome, templates, render),
  }
}

function acknowledge(
  outcome: IncomingOutcome,
  templates: AcknowledgeSettings,
  render: (value: unknown) => Rendered,
): HttpAnswer {
  const template = outcome.ok ? templates.accepted : templates.refused
  if (template === undefined) return ourOwn(outcome)
  const status = outcome.ok ? (templates.acceptedStatus ?? 200) : (templates.refusedStatus ?? outcome.status)
  const { contentType, body } = render(fill(template, outcome))
  return { status, headers: { 'content-type': contentType }, body }
}

/** As POST /v1/submissions answers: the canonical form, or an RFC 9457 problem. */
function ourOwn(outcome: IncomingOutcome): HttpAnswer {
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
  const { status, code, detail, errors } = outcome
  return {
    status,
    headers: { 'content-type': 'application/problem+json; charset=utf-8' },
    body: JSON.stringify({ type: `/problems/${code}`, title: detail, status, code, detail, errors }),
  }
}
