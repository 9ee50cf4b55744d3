// Asking a plain department that cannot push, page after page. One item that cannot be read holds up no other: it is
// handed over as unreadable, with what it said.

import { textOf } from '../../../src/adapter-kit/case-report.ts'
import type { Attempt, PolledItem, Polling } from '../../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'
import { listed, pageEnd } from '../../../src/adapter-kit/page-end.ts'
import { compileWithXml } from '../expressions.ts'
import type { PlainPolling, PlainSettings, SoapSettings } from '../settings.ts'
import { type Line, needed } from '../soap/line.ts'
import { receiptOf } from './answers.ts'
import { asking } from './outgoing.ts'
import { contentId, type ReportReader, reportReader } from './reports.ts'

const USUAL_PAGE = 200

/** @throws AdapterFailure 'unrecognised' for settings that make no sense together */
export function plainPolling(
  line: Line,
  settings: SoapSettings,
  plain: PlainSettings,
  own: PlainPolling,
): Polling {
  const { pageSize = USUAL_PAGE, first = '' } = own
  const ask = asking(line, settings, plain, own, 'plain.polling')
  const fields = needed(own.event ?? plain.incoming, 'plain.polling.event')
  const reader = reportReader(fields, plain, 'plain.polling.event')
  const readPage = pageReader(own)
  return {
    async read(after, attempt) {
      const { said, codes, answer } = await ask({ cursor: after ?? first, pageSize }, attempt)
      if (receiptOf(codes, said, line.secrets) === null) return { items: [], more: false }
      const page = await readPage(answer)
      const items: PolledItem[] = []
      for (const item of page.items) items.push(await itemOf(item, reader, attempt))
      return { items, ...pageEnd(page, after, pageSize) }
    },
  }
}

interface Page {
  items: unknown[]
  cursor: string | undefined
  more: boolean | undefined
}

function pageReader(own: PlainPolling): (answer: unknown) => Promise<Page> {
  const compiled = (source: string | undefined, name: string) =>
    source === undefined ? undefined : compileWithXml(source, `plain.polling.${name}`)
  const list = compileWithXml(own.items, 'plain.polling.items')
  const cursor = compiled(own.cursor, 'cursor')
  const more = compiled(own.more, 'more')
  return async (answer) => {
    const items = listed(await list(answer), unlisted)
    return {
      items,
      cursor: textOf(await cursor?.(answer, { items })),
      more: more && (await more(answer, { items })) === true,
    }
  }
}

const unlisted = {
  zh: '；空列表时没有元素的，items 请写作 […]',
  en: '; where an empty one has no element at all, write items as […]',
}

async function itemOf(item: unknown, reader: ReportReader, attempt: Attempt): Promise<PolledItem> {
  const body = Buffer.from(JSON.stringify(item) ?? 'null')
  const kept = { key: contentId(item), body, mediaType: 'application/json' }
  try {
    const event = await reader(item, attempt.now())
    return { ...kept, events: event ? [event] : [] }
  } catch (failure) {
    if (!(failure instanceof AdapterFailure)) throw failure
    return { ...kept, events: [], failure }
  }
}
