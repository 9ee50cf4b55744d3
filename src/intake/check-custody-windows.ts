// The windows of a hand-over: one of them is of a division that the caller acts for, and one that takes
// papers in may collect their matters on that day (充分授权). Papers that come back to a window are taken by
// whichever sent them.

import { dayOf } from '../domain/calendar.ts'
import type { Keeper } from '../domain/paper.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { mayActFor } from '../security/clients.ts'
import type { Client, Settings } from '../settings/settings.ts'
import type { HandOverBody } from './check-custody.ts'
import { checkWindow } from './check-people.ts'

export interface WindowContext {
  halls: Settings['halls']
  client: Client
  /** Matters whose cases need the material. */
  mattersOf(material: string): readonly string[]
  /** ISO: when it was, where the report does not say. */
  now: string
}

/** Of a body whose halls and windows are known. */
export function checkWindows(body: HandOverBody, context: WindowContext): FieldError[] {
  return [...foreign(body, context), ...unauthorised(body, context)]
}

/** Either side may tell of it: a hand-over between two halls is no less known to the one than to the other. */
function foreign({ from, to }: HandOverBody, { halls, client }: WindowContext): FieldError[] {
  const sides = [
    ['/from/hall', hallOf(from, halls)],
    ['/to/hall', hallOf(to, halls)],
  ] as const
  const named = sides.flatMap(([pointer, hall]) => (hall ? [{ pointer, hall }] : []))
  if (named.some(({ hall }) => mayActFor(client, hall.division))) return []
  return named.map(({ pointer, hall }) =>
    fieldError(
      pointer,
      'division-not-allowed',
      `The caller may not report for halls of division ${hall.division}`,
      `调用方无权代行政区划 ${hall.division} 的大厅报告交接`,
    ),
  )
}

function unauthorised({ papers, from, to, at }: HandOverBody, context: WindowContext): FieldError[] {
  const hall = hallOf(to, context.halls)
  if (!hall || to.window === undefined || (from.kind !== 'applicant' && from.kind !== 'window')) return []
  const day = dayOf(at ?? context.now)
  const faults = papers.flatMap((paper) => {
    const matters = 'material' in paper ? context.mattersOf(paper.material) : []
    const each = matters.map((matter) => checkWindow(hall, to.window!, [matter], day))
    return each.some((found) => found.length === 0) ? [] : (each[0] ?? [])
  })
  const distinct = new Map(faults.map((one) => [one.message, { ...one, pointer: '/to/window' }]))
  return [...distinct.values()]
}

const hallOf = ({ kind, hall }: Keeper, halls: Settings['halls']) =>
  kind === 'window' ? halls.get(hall ?? '') : undefined
