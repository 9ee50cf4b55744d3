// The events of one message of the department, which may tell of several things.

import { hash } from 'node:crypto'
import {
  type CaseReport,
  type CaseStatuses,
  eventOf,
  reportFields,
} from '../../src/adapter-kit/case-report.ts'
import type { ExternalEvent } from '../../src/adapter-kit/contract.ts'
import { toIso } from '../../src/adapter-kit/local-time.ts'

export interface EventRules {
  statuses: CaseStatuses
  offset: string
}

/** Statuses that tell nothing we track are left out. @throws AdapterFailure 'unrecognised' */
export function eventsOf(reports: readonly CaseReport[], { statuses, offset }: EventRules): ExternalEvent[] {
  const momentOf = (time: unknown) => toIso(time, offset)
  return reports.flatMap(
    (report) => eventOf(report, { statuses, momentOf, makeId: () => idOf(report) }) ?? [],
  )
}

/** By what is read of it: time, nonce and signature of a message are others with every try. */
const idOf = (report: CaseReport): string =>
  contentId(reportFields.map((field) => (field === 'eventId' ? null : report[field])))

/** The same content is the same report. */
export const contentId = (content: unknown): string =>
  hash('sha256', JSON.stringify(content) ?? 'null', 'hex')
