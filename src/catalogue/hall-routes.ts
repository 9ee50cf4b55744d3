// GET /v1/halls/{code}/authorisations: which window may take what, for platforms and halls that ask before a clerk does.
// Reads settings only.

import type { FastifyInstance } from 'fastify'
import { isDay } from '../domain/calendar.ts'
import { nearest } from '../domain/nearest.ts'
import { fieldError } from '../http/field-error.ts'
import { problem } from '../http/problems.ts'
import { inQuery, unknownParameters } from '../http/query-parameters.ts'
import { describeAuthorisations } from './authorisations.ts'
import { authorisationsDoc } from './docs.ts'
import { answer, type CatalogueDeps } from './routes.ts'

type Query = Readonly<Record<string, string | string[]>>

/** Answers carry an ETag, as those of the catalogue do. */
export async function hallRoutes(
  app: FastifyInstance,
  { settings, catalogues }: Omit<CatalogueDeps, 'ledger'>,
): Promise<void> {
  app.get<{ Params: { code: string }; Querystring: Query }>(
    '/v1/halls/:code/authorisations',
    { config: { access: { scope: 'catalogue:read' }, doc: authorisationsDoc } },
    (request, reply) => {
      const { halls, version } = settings
      const catalogue = catalogues.inForce()
      const hall = halls.get(request.params.code)
      if (!hall) throw unknownHall(request.params.code, halls.keys())
      const on = dayAsked(request.query)
      return answer(request, reply, `${catalogue.version}-${version}`, () =>
        describeAuthorisations(catalogue, hall, on),
      )
    },
  )
}

/** Throws `invalid-request` with every fault of the query. */
function dayAsked({ on, ...others }: Query): string | undefined {
  const errors = unknownParameters(others, ['on'])
  const right = on === undefined || (typeof on === 'string' && isDay(on))
  if (!right) errors.push(notADay)
  if (errors.length > 0) throw problem('invalid-request', { errors })
  return on as string | undefined
}

const notADay = fieldError(
  inQuery('on'),
  'invalid-date',
  'on must be one day such as 2026-11-23',
  'on 必须是一个日期，如 2026-11-23',
)

function unknownHall(code: string, known: Iterable<string>): Error {
  const near = nearest(code, known)
  return problem('not-found', {
    detail: `There is no hall ${code}${near ? `; did you mean ${near}?` : ''}`,
    detailZh: `没有大厅 ${code}${near ? `，是否为 ${near}？` : ''}`,
  })
}
