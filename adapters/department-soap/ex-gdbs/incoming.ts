// A department's setDataXmlToFocus to us: its steps in, the agreed sentence out.

import type { IncomingOutcome } from '../../../src/adapter-kit/contract.ts'
import { refusedXml } from '../../../src/adapter-kit/xml.ts'
import type { IncomingProfile } from '../incoming.ts'
import type { IncomingSettings } from '../settings.ts'
import { childOf } from '../soap/envelope.ts'
import type { Line } from '../soap/line.ts'
import type { ExGdbs } from './complete.ts'
import { eventsOf } from './events.ts'
import { readInfo } from './info.ts'

export function exGdbsIncoming(
  line: Line,
  settings: ExGdbs,
  incoming: IncomingSettings = {},
): IncomingProfile {
  const { operation, parameters } = settings.set
  const { password = settings.identifyKey, previousPassword } = incoming
  return {
    operation: incoming.operation ?? operation,
    takes: {
      parameters: Object.fromEntries(Object.values(parameters).map((name) => [name, {}])),
      answer: { return: {} },
    },
    key: {
      parameter: parameters.identifyKey,
      secrets: previousPassword ? [password, previousPassword] : [password],
    },
    read(content, { receivedAt }) {
      const xml = childOf(content, parameters.xml)
      if (!xml) throw refusedXml('缺少步骤报文 (the step is missing)')
      const department = childOf(content, parameters.deptCode)?.text.trim()
      if (department !== undefined && department !== settings.deptCode)
        throw refusedXml('部门编码不符 (is of another department)')
      return readInfo(xml.text).flatMap((record) => eventsOf(record, settings, receivedAt))
    },
    answer(outcome) {
      const { status, code, reason } = sentenceFor(outcome)
      return {
        status,
        markup: line.writer.element(
          line.qualified ? 'd:return' : 'return',
          line.writer.text(`编码：${code},原因：${reason}`),
        ),
      }
    },
  }
}

/** 1 check, 3 exception, 4 validation: the published codes, seen from the other side. */
function sentenceFor(outcome: IncomingOutcome): { status: number; code: string; reason: string } {
  if (outcome.ok) return { status: 200, code: '0', reason: outcome.duplicate ? '成功（重复）' : '成功' }
  const { status, detail } = outcome
  if (status === 401 || status === 403) return { status, code: '1', reason: detail }
  if (status === 429 || status >= 500) return { status, code: '3', reason: detail }
  return { status: 200, code: '4', reason: detail }
}
