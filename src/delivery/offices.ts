// Who decides a matter, and within what, as the catalogue in force says.

import type { CaseContent, ServiceContent } from '../adapter-kit/contract.ts'
import { dayOf, lastDay, type WorkCalendar } from '../domain/calendar.ts'
import type { Catalogue } from '../domain/catalogue.ts'

/** Empty for a matter that the catalogue no longer has. */
export function officeOf(
  { matters, departments }: Pick<Catalogue, 'matters' | 'departments'>,
  code: string,
): Pick<ServiceContent, 'department' | 'limits'> {
  const matter = matters.get(code)
  if (!matter) return {}
  const department = departments.get(matter.department)
  return {
    ...(department
      ? {
          department: {
            code: department.code,
            name: department.name.zh,
            ...(department.uscc ? { uscc: department.uscc } : {}),
          },
        }
      : {}),
    limits: { legal: matter.legalLimit, promised: matter.promisedLimit },
  }
}

/** With the last day of each, for a case that is accepted on the day it was submitted. */
export function datedLimits(
  { legal, promised }: NonNullable<ServiceContent['limits']>,
  submittedAt: string | undefined,
  calendar: WorkCalendar | undefined,
): NonNullable<CaseContent['limits']> {
  if (!submittedAt || !calendar) return { legal, promised }
  const day = dayOf(submittedAt)
  const dated = (limit: typeof legal) => ({ ...limit, lastDay: lastDay(day, limit, calendar) })
  return { legal: dated(legal), promised: dated(promised) }
}
