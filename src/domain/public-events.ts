// Every event that platforms and departments are called back with, and how they ask for some of them.

import { caseEvents } from './case-states.ts'
import { parcelEvents } from './events.ts'
import { nearest } from './nearest.ts'

export const publicEvents = [
  'submission.received',
  'submission.redone',
  ...caseEvents,
  'case.mode-changed',
  'case.rated',
  'material.handed-over',
  'material.hand-over-confirmed',
  'material.hand-over-taken-back',
  ...parcelEvents,
  'appointment.attended',
  'appointment.missed',
  'appointment.changed',
  'appointment.cancelled',
  'appointment.reminded',
  'appointment.unreported',
  'deadline.warned',
  'deadline.passed',
  'deadline.escalated',
  'custody.overdue',
  'custody.gap',
] as const
export type PublicEventType = (typeof publicEvents)[number]

const patterns: ReadonlySet<string> = new Set([
  '*',
  ...publicEvents,
  ...publicEvents.map((type) => `${type.split('.')[0]}.*`),
])

/** '*', 'case.*' or a whole type. */
export function matches(pattern: string, type: string): boolean {
  return (
    pattern === '*' || pattern === type || (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1)))
  )
}

/** What is wrong with a pattern that no event would ever fit, with the nearest that some do. */
export function unknownPattern(pattern: string): { en: string; zh: string } | undefined {
  if (patterns.has(pattern)) return undefined
  const near = nearest(pattern, patterns)
  return {
    en: `There is no event ${pattern}${near ? `; did you mean ${near}?` : ''}`,
    zh: `没有事件 ${pattern}${near ? `，是否为 ${near}？` : ''}`,
  }
}
