// One report of a plain department, told or listed, as our event, by the expressions of the settings.

import { hash } from 'node:crypto'
import {
  type CaseReport,
  eventOf,
  type ReportField,
  reportFields,
  textOf,
} from '../../../src/adapter-kit/case-report.ts'
import type { ExternalEvent } from '../../../src/adapter-kit/contract.ts'
import { compileWithXml } from '../expressions.ts'
import { fromLocal } from '../local-time.ts'
import type { PlainSettings } from '../settings.ts'

/** Null when its status tells nothing that we track. @throws AdapterFailure 'unrecognised' */
export type ReportReader = (report: unknown, receivedAt: Date) => Promise<ExternalEvent | null>

/** @param where the setting. @throws AdapterFailure 'unrecognised' for expressions that are none */
export function reportReader(
  own: { readonly [K in ReportField]?: string },
  { statuses = {} }: PlainSettings,
  where: string,
): ReportReader {
  const fields = reportFields.flatMap((field) => {
    const source = own[field]
    return source === undefined ? [] : [[field, compileWithXml(source, `${where}.${field}`)] as const]
  })
  return async (one, receivedAt) => {
    const report: CaseReport = {}
    for (const [field, evaluate] of fields) report[field] = await evaluate(one)
    return eventOf(report, {
      statuses,
      momentOf: (time) => fromLocal(textOf(time) ?? '', receivedAt),
      makeId: () => contentId(one),
    })
  }
}

/** What it says, without the envelope: that proves who sends, and is another with every try. */
export const contentId = (report: unknown): string => hash('sha256', JSON.stringify(report) ?? '', 'hex')
