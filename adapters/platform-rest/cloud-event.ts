// Our event as CloudEvents 1.0 structured JSON with the `sequence` extension; the same bytes on every attempt.

import type { NotifyContent } from '../../src/adapter-kit/contract.ts'
import type { Written } from './own-message.ts'

const TYPE = 'application/cloudevents+json; charset=utf-8'

export function cloudEvent(source: string): (content: NotifyContent) => Promise<Written> {
  return async ({ id, type, time, subject, sequence, data }) => {
    const event = {
      specversion: '1.0',
      id,
      source,
      type,
      subject,
      time,
      datacontenttype: 'application/json',
      sequence,
      data,
    }
    const written = { contentType: TYPE, body: Buffer.from(JSON.stringify(event)) }
    return () => written
  }
}
