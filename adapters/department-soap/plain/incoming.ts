// A plain department's own call to events, by the expressions of the settings. Nothing is guessed.

import type { ExternalEvent, IncomingOutcome } from '../../../src/adapter-kit/contract.ts'
import { refusedXml } from '../../../src/adapter-kit/xml.ts'
import { compileWithXml } from '../expressions.ts'
import type { IncomingProfile } from '../incoming.ts'
import type { IncomingSettings, PlainIncoming, PlainSettings } from '../settings.ts'
import { type Line, needed } from '../soap/line.ts'
import type { Elements } from '../soap/wsdl-write.ts'
import { elementsRead } from './elements.ts'
import { contentOf, objectOf } from './objects.ts'
import { reportReader } from './reports.ts'

const MAX_REPORTS = 100

/** @throws AdapterFailure 'unrecognised' for settings that make no sense together */
export function plainIncoming(
  line: Line,
  plain: PlainSettings,
  own: PlainIncoming,
  incoming: IncomingSettings = {},
): IncomingProfile {
  const each = own.each === undefined ? undefined : compileWithXml(own.each, 'plain.incoming.each')
  const eventIn = reportReader(own, plain, 'plain.incoming')
  return {
    operation: needed(incoming.operation, 'incoming.operation'),
    takes: { parameters: elementsRead(own), answer: elementsOf(acknowledgements(own).ok) },
    async read(content, { receivedAt }) {
      const message = objectOf(content)
      const listed = each ? await each(message) : message
      const reports: unknown[] = Array.isArray(listed) ? listed : [listed]
      if (reports.length > MAX_REPORTS) throw refusedXml('一次报告过多 (tells of too many things at once)')
      const events: ExternalEvent[] = []
      for (const one of reports) {
        const event = await eventIn(one, receivedAt)
        if (event) events.push(event)
      }
      return events
    },
    answer: (outcome) => answerFor(line, own, outcome),
  }
}

const acknowledgements = ({ acknowledge }: PlainIncoming) => ({ ok: { return: '0' }, ...acknowledge })

const elementsOf = (template: Readonly<Record<string, string>>): Elements =>
  Object.fromEntries(Object.keys(template).map((name) => [name, {}]))

function answerFor(line: Line, own: PlainIncoming, outcome: IncomingOutcome) {
  const { ok, failed } = acknowledgements(own)
  const template = outcome.ok ? ok : failed
  if (!template) return { fault: outcome.ok ? '' : outcome.detail }
  const filled = Object.entries(template).map(([name, value]) => [name, fill(value, outcome)])
  const markup = contentOf(line.writer, Object.fromEntries(filled), line.qualified ? 'd:' : '')
  return { status: statusOf(outcome), markup }
}

const fill = (value: string, outcome: IncomingOutcome) =>
  outcome.ok
    ? value
    : value.replaceAll('{code}', () => outcome.code).replaceAll('{detail}', () => outcome.detail)

/** What only patience or other credentials can mend keeps its HTTP status. */
function statusOf(outcome: IncomingOutcome): number {
  if (outcome.ok) return 200
  const { status } = outcome
  return status === 401 || status === 403 || status === 429 || status >= 500 ? status : 200
}
