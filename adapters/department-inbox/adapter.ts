// What lies in the inbox of a department that can only call out, and how its own reports are read. The bearer token of
// its client is checked before anything comes here: the system's `pushClients` must name that client.

import type {
  Adapter,
  Attempt,
  Contents,
  HttpAnswer,
  IncomingOutcome,
  Operation,
  StoredFile,
} from '../../src/adapter-kit/contract.ts'
import { eventsOf } from './events.ts'
import type { InboxSettings } from './settings.ts'

const DAY_SECONDS = 86_400

export function createDepartmentInbox(settings: InboxSettings): Adapter {
  const operations: Operation[] = ['submitCase', 'supplementCase', 'withdrawCase']
  return {
    outgoing: {},
    inbox: {
      operations: settings.notify ? [...operations, 'notify'] : operations,
      show: (_operation, content, attempt) => shown(content, attempt, settings.linkSeconds ?? DAY_SECONDS),
    },
    incoming: {
      read: (message) => ({ events: eventsOf(message.body) }),
      acknowledge: acknowledgement,
    },
  }
}

/** The canonical content; files as links with what is needed to check them. */
function shown(content: Contents[Operation], attempt: Attempt, linkSeconds: number): unknown {
  if (!('materials' in content)) return content
  const withLink = (file: StoredFile) => ({ ...file, url: attempt.files.link(file, linkSeconds) })
  const materials = content.materials.map((one) => ({ ...one, files: one.files.map(withLink) }))
  return { ...content, materials }
}

function acknowledgement(outcome: IncomingOutcome): HttpAnswer {
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  if (outcome.ok)
    return { status: 200, headers, body: JSON.stringify({ ok: true, repeated: outcome.duplicate }) }
  const { status, code, detail } = outcome
  return { status, headers, body: JSON.stringify({ ok: false, code, detail }) }
}
