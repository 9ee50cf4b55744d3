// An event in the platform's own form instead of a CloudEvent: mapped, wrapped and rendered as configured.
// The same event always makes the same bytes, so that a repeated one can be recognised.

import type { NotifyContent } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { wrap } from './embedded.ts'
import { mapped, mappingOf } from './mapping.ts'
import { isMembers, valueAt } from './members.ts'
import { type Rendered, renderer } from './render.ts'
import type { MessageSettings } from './settings.ts'

/** The document, with what goes beside it. */
export type Written = (beside?: Readonly<Record<string, string>>) => Rendered

/**
 * Answers nothing for what the settings pass over. @throws AdapterFailure 'unrecognised' for settings that
 * cannot work
 */
export function ownMessage(
  settings: MessageSettings,
): (content: NotifyContent) => Promise<Written | undefined> {
  const { format, charset = 'utf-8', xml, contentType, formField, embedded = [] } = settings
  const map = mappingOf(settings, 'callbacks.message', 'refuse')
  const render = renderer({
    form: format,
    charset,
    ...(xml === undefined ? {} : { xml }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(formField === undefined ? {} : { formField }),
  })
  return async (content) => {
    if (!isTold(content, settings.only ?? {})) return undefined
    const made = await mapped(map, content, 'this platform’s notifications')
    const members = isMembers(made) ? structuredClone(made) : undefined
    if (!members || Object.keys(members).length === 0)
      throw new AdapterFailure(
        'unrecognised',
        'callbacks.message 对该事件没有得出任何字段，请补充 fields，或不订阅此类型 (callbacks.message makes nothing of the event: add to its fields, or do not subscribe to this type)',
        { sent: false },
      )
    wrap(members, embedded)
    return (beside) => render(members, beside)
  }
}

/** Some types tell of more than the platform has a word for. */
function isTold(content: NotifyContent, only: NonNullable<MessageSettings['only']>): boolean {
  const conditions = Object.hasOwn(only, content.type) ? Object.entries(only[content.type] ?? {}) : []
  return conditions.every(([path, texts]) => {
    const found = valueAt(content, path.split('.'))
    return texts.length === 0 ? found === undefined : texts.includes(String(found))
  })
}
