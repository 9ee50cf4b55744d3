// Lists of which some lines may be beyond us: what is understood is kept, what is not is told beside it. Only lines that
// cannot be read are passed by; a list that is no list, or another's, is refused whole by whoever reads it.

import type { Trail, Unread } from './asked.ts'
import type { ExternalEvent, Reading } from './contract.ts'
import { AdapterFailure } from './failures.ts'

/** @param shown the system's own line, kept for a person who looks into it */
export function readEach<Line, Read>(
  lines: readonly Line[],
  read: (line: Line) => readonly Read[],
  shown: (line: Line) => unknown = (line) => line,
): { read: Read[]; unread: Unread[] } {
  const unread: Unread[] = []
  const understood = lines.flatMap((line) => {
    try {
      return read(line)
    } catch (failure) {
      if (!(failure instanceof AdapterFailure) || failure.kind !== 'unrecognised') throw failure
      const body = Buffer.from(JSON.stringify(shown(line)) ?? '')
      unread.push({ failure, body, mediaType: 'application/json' })
      return []
    }
  })
  return { read: understood, unread }
}

/** A push of many lines. @throws the failure of the first line where none of them tells anything */
export function pushOf({
  read,
  unread,
}: {
  read: readonly ExternalEvent[]
  unread: readonly Unread[]
}): Reading {
  if (read.length === 0 && unread[0]) throw unread[0].failure
  return { events: [...read], ...(unread.length === 0 ? {} : { unread }) }
}

/** Events in the order of their times, whatever offset those are written with. */
export function trailOf({
  read,
  unread,
}: {
  read: readonly ExternalEvent[]
  unread: readonly Unread[]
}): Trail {
  const events = read.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
  return unread.length === 0 ? { events } : { events, unread }
}
