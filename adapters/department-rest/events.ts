// The events of one message of the department, which may tell of several things.

import { hash } from 'node:crypto'
import { type CaseStatuses, eventOf, reportFields } from '../../src/adapter-kit/case-report.ts'
import type { ExternalEvent } from '../../src/adapter-kit/contract.ts'
import { toIso } from '../../src/adapter-kit/local-time.ts'
import { isRecord } from '../../src/adapter-kit/loose-json.ts'
import type { ReadReport } from './dialect.ts'

export interface EventRules {
  statuses: CaseStatuses
  offset: string
  /** Names of members that prove who sends. */
  proof?: readonly string[] | undefined
}

/** Statuses that tell nothing we track are left out. @param told when @throws AdapterFailure 'unrecognised' */
export function eventsOf(reports: readonly ReadReport[], rules: EventRules, told: Date): ExternalEvent[] {
  const { statuses, offset, proof = [] } = rules
  const momentOf = (time: unknown) => toIso(time, offset, told)
  return reports.flatMap(
    (report) => eventOf(report, { statuses, momentOf, makeId: () => idOf(report, proof) }) ?? [],
  )
}

/** By what is read of it, or, where that changes by itself, by all of it: but never by what proves it anew. */
function idOf(report: ReadReport, proof: readonly string[]): string {
  if ('itself' in report) return contentId(without(proof, report.itself))
  return contentId(reportFields.map((field) => (field === 'eventId' ? null : report[field])))
}

/** Of XML the proof stands below the root. */
function without(names: readonly string[], content: unknown): unknown {
  if (names.length === 0 || !isRecord(content)) return content
  const members = Object.entries(content)
  const [root] = members
  if (root && members.length === 1 && isRecord(root[1])) return { [root[0]]: without(names, root[1]) }
  return Object.fromEntries(members.filter(([name]) => !names.includes(name)))
}

/** The same content is the same report. */
export const contentId = (content: unknown): string =>
  hash('sha256', JSON.stringify(content) ?? 'null', 'hex')
