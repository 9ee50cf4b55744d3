// The authorisation matrix (充分授权) as others read it: the windows of one hall, matter by matter. Pure; the same lines
// for the API and for `tongban authorisations`.

import type { HallAuthorisationsAnswer } from '../../schemas/types.ts'
import { covers, inForce, type Right, type Window } from '../domain/authority.ts'
import type { Catalogue, Names } from '../domain/catalogue.ts'
import type { Hall } from '../settings/settings.ts'

export interface Grant {
  /** '*' where every matter is authorised at once. */
  matter: string
  right: Right
  from: string
  to: string
}

export interface GrantFilter {
  /** Only what is in force on this day, yyyy-MM-dd. */
  on?: string | undefined
  /** Only what covers this matter; it is then named instead of '*'. */
  matter?: string | undefined
}

/** In the order in which they are written. */
export function grantsOf(window: Window, { on, matter }: GrantFilter): Grant[] {
  return window.authorisations
    .filter((one) => (on === undefined || inForce(one, on)) && (matter === undefined || covers(one, matter)))
    .flatMap(({ right, matters, from, to }) =>
      (matter === undefined ? matters : [matter]).map((each) => ({ matter: each, right, from, to })),
    )
}

/** One hall; '*' is spread over all matters of the catalogue. */
export function describeAuthorisations(
  catalogue: Catalogue,
  hall: Hall,
  on: string | undefined,
): HallAuthorisationsAnswer {
  const { code, name, division, windows } = hall
  return {
    hall: code,
    name,
    division,
    ...(on === undefined ? {} : { on }),
    windows: windows.map((window) => ({
      window: window.code,
      authorisations: grantsOf(window, { on }).flatMap((grant) => linesOf(grant, catalogue)),
    })),
    version: catalogue.version,
  }
}

type Line = HallAuthorisationsAnswer['windows'][number]['authorisations'][number]

function linesOf({ matter: written, right, from, to }: Grant, { matters, departments }: Catalogue): Line[] {
  const codes = written === '*' ? [...matters.keys()] : [written]
  // A window may be authorised for what another version of the catalogue has.
  return codes.flatMap((matter) => {
    const known = matters.get(matter)
    if (!known) return []
    const department = nameOf(departments.get(known.department), known.department)
    return [{ matter, name: known.name, department, right, from, to }]
  })
}

const nameOf = (known: { name: Names } | undefined, code: string): Names =>
  known?.name ?? { zh: code, en: code }
