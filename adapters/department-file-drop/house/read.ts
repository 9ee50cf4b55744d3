// The house format of the department's records, as JSON, XML or a row of CSV. Pure; what is missing stays missing.

import type { ReportedEvent } from '../events.ts'

const resultTypes: Readonly<Record<string, string>> = { '1': 'electronic', '2': 'paper' }

export function houseReport(record: unknown): ReportedEvent {
  if (typeof record !== 'object' || record === null) return {}
  const { eventId, outerNo, projectNo, status, time, reason, limitDays, materials, result } =
    record as Record<string, unknown>
  return {
    eventId,
    caseId: outerNo,
    reference: projectNo,
    status,
    time,
    reason,
    limitDays,
    materials: listOf(materials),
    result: resultOf(result),
  }
}

/** XML writes one or many `material` below `materials`; CSV writes `M01;M02`. */
function listOf(materials: unknown): unknown {
  if (typeof materials === 'string')
    return materials.split(/[;；]/).flatMap((one) => (one.trim() ? [{ code: one.trim() }] : []))
  if (typeof materials !== 'object' || materials === null || Array.isArray(materials)) return materials
  return [(materials as { material?: unknown }).material ?? []].flat()
}

function resultOf(result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return undefined
  const { type, name, number, licenseCode } = result as Record<string, unknown>
  if ([type, name, number, licenseCode].every((one) => one === undefined || one === '')) return undefined
  return { type: resultTypes[String(type)] ?? type, name, number, ...licenceOf(licenseCode) }
}

/** Departments put a certificate's identifier (GB/T 36904) or its type here. */
function licenceOf(code: unknown): Record<string, unknown> {
  if (typeof code !== 'string' || code === '') return {}
  return code.startsWith('1.2.156.') ? { identifier: code } : { certificateType: code }
}
