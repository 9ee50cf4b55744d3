// The events of one message of the department, which may tell of several things.

import { hash } from 'node:crypto'
import { type CaseReport, type CaseStatuses, eventOf } from '../../src/adapter-kit/case-report.ts'
import type { ExternalEvent } from '../../src/adapter-kit/contract.ts'
import { toIso } from '../../src/adapter-kit/local-time.ts'

export interface EventRules {
  statuses: CaseStatuses
  offset: string
}

/** Statuses that tell nothing we track are left out. @throws AdapterFailure 'unrecognised' */
export function eventsOf(
  reports: readonly CaseReport[],
  body: Buffer,
  { statuses, offset }: EventRules,
): ExternalEvent[] {
  const momentOf = (time: unknown) => toIso(time, offset)
  return reports.flatMap(
    (report, index) => eventOf(report, { statuses, momentOf, makeId: () => fallbackId(body, index) }) ?? [],
  )
}

/** The same bytes are the same message. */
export const messageId = (body: Buffer): string => hash('sha256', body, 'hex')

function fallbackId(body: Buffer, index: number): string {
  const id = messageId(body)
  return index === 0 ? id : `${id}-${index}`
}
