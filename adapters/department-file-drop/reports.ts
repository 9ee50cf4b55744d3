// The department's records: how each is found in a file, and which fields it has.

import { type CaseReport, reportFields } from '../../src/adapter-kit/case-report.ts'
import { houseReport } from '../../src/adapter-kit/house-reports.ts'
import { compileWithTime } from './expressions.ts'
import type { IncomingSettings } from './settings.ts'

export interface ReportReader {
  /** The records of one parsed file. */
  each(document: unknown): Promise<readonly unknown[]>
  report(record: unknown): Promise<CaseReport>
}

/** The house words, with the settings' JSONata laid over them field by field. */
export function reportReader(own: IncomingSettings, offset: string): ReportReader {
  const each = own.each === undefined ? undefined : compileWithTime(own.each, 'incoming.each', offset)
  const fields = reportFields
    .filter((field) => own[field] !== undefined)
    .map((field) => [field, compileWithTime(own[field] ?? '', `incoming.${field}`, offset)] as const)
  return {
    async each(document) {
      const listed = each ? await each(document) : recordsIn(document)
      return Array.isArray(listed) ? listed : listed === undefined || listed === null ? [] : [listed]
    },
    async report(record) {
      const report = houseReport(record)
      for (const [field, evaluate] of fields) report[field] = await evaluate(record)
      return report
    },
  }
}

/** An array, `events` (in XML: one or many `event` below the root), or the document itself. */
function recordsIn(document: unknown): unknown {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return document
  const { events, event } = document as { events?: unknown; event?: unknown }
  if (events !== undefined) return recordsIn(events)
  return event ?? document
}
