// Asking a department that cannot push, page after page. One item that cannot be read holds up no other: it is handed
// over as unreadable, with what it said.

import type { Attempt, PolledItem, Polling, SettledItem } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { listed, pageEnd } from '../../src/adapter-kit/page-end.ts'
import { exchange, type Line } from './ask.ts'
import type { PageReader, PollingDialect, Told } from './dialect.ts'
import { contentId, type EventRules, eventsOf } from './events.ts'
import { judge } from './outcome.ts'

export function pollingBy(line: Line, dialect: PollingDialect, rules: EventRules): Polling {
  const { asked, pageSize, first, maxBytes, settle } = dialect
  return {
    async read(after, attempt) {
      const wanted = { cursor: after ?? first, pageSize }
      const { content, told, said } = await exchange(line, asked, wanted, attempt, maxBytes)
      if (judge(asked.codes, said, {}) === 'absent') return { items: [], more: false }
      const page = await pageOf(dialect.readPage, content, told)
      const items: PolledItem[] = []
      for (const item of page.items) items.push(await itemOf(item, dialect, rules, attempt.now()))
      return {
        items,
        ...pageEnd(page, after, pageSize),
      }
    },
    ...(settle
      ? {
          async settle(items: readonly SettledItem[], attempt: Attempt) {
            const { said } = await exchange(line, settle, { items }, attempt)
            judge(settle.codes, said, {})
          },
        }
      : {}),
  }
}

interface ReadPage {
  items: unknown[]
  cursor?: string
  more?: boolean
}

/** @throws AdapterFailure 'unrecognised' when there is no list: silence and another shape must not look alike */
export async function pageOf(read: PageReader, content: unknown, told: Told): Promise<ReadPage> {
  const { items, ...rest } = await read(content, told)
  return { items: listed(items), ...rest }
}

async function itemOf(
  item: unknown,
  { reader }: PollingDialect,
  rules: EventRules,
  told: Date,
): Promise<PolledItem> {
  const body = Buffer.from(JSON.stringify(item) ?? 'null')
  const kept = { body, mediaType: 'application/json' }
  try {
    const reports = await reader(item)
    const events = eventsOf(reports, rules, told)
    return { key: keyOf(reports[0]?.eventId, item), events, ...kept }
  } catch (failure) {
    if (!(failure instanceof AdapterFailure)) throw failure
    return { key: keyOf(await idOf(item, reader), item), events: [], ...kept, failure }
  }
}

async function idOf(item: unknown, reader: PollingDialect['reader']): Promise<unknown> {
  try {
    return (await reader(item))[0]?.eventId
  } catch {
    return undefined
  }
}

const keyOf = (eventId: unknown, item: unknown): string =>
  typeof eventId === 'string' || typeof eventId === 'number' ? String(eventId) : contentId(item)
