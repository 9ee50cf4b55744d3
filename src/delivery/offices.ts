// Who decides a matter, and within what, as the catalogue in force says.

import type { ServiceContent } from '../adapter-kit/contract.ts'
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
