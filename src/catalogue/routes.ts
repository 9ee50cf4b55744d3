// GET /v1/themes …: the catalogue over HTTP, as it is in force or, with ?version=, as another recorded version says.
// Nothing is stored and nothing is decided here.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { dayOf } from '../domain/calendar.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { type Plan, type PlanProblem, plan } from '../domain/plan.ts'
import { hasAlready } from '../http/entity-tags.ts'
import type { FieldError } from '../http/field-error.ts'
import { problem } from '../http/problems.ts'
import { inQuery } from '../http/query-parameters.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Settings } from '../settings/settings.ts'
import { VERSION } from '../version.ts'
import { checklist, describeTheme } from './checklist.ts'
import { checklistDoc, themeDoc, themesDoc } from './docs.ts'
import { readQuery, readVersion, refuseOthers } from './query.ts'

export interface CatalogueDeps {
  settings: Pick<Settings, 'halls' | 'version'>
  catalogues: {
    inForce(): Catalogue
    find(reference: string): { catalogue: Catalogue } | undefined
  }
  /** Its time decides only which windows are authorised today. */
  ledger: Pick<Ledger, 'now'>
}

const access = { scope: 'catalogue:read' } as const

/** Adds GET /v1/themes, /v1/themes/:code and /v1/themes/:code/checklist. Answers carry an ETag. */
export async function catalogueRoutes(app: FastifyInstance, deps: CatalogueDeps): Promise<void> {
  const { settings, catalogues } = deps
  const today = (): string => dayOf(deps.ledger.now().toISOString())

  /** Of which the request asks, and the tag of what it and our own files decide. */
  const asked = (request: FastifyRequest<{ Querystring: Query }>): [Catalogue, string] => {
    const version = readVersion(request.query)
    const catalogue = version === undefined ? catalogues.inForce() : catalogues.find(version)?.catalogue
    if (!catalogue) throw unknownVersion(version!)
    return [catalogue, `${catalogue.version}-${settings.version}`]
  }

  app.get<{ Querystring: Query }>('/v1/themes', { config: { access, doc: themesDoc } }, (request, reply) => {
    refuseOthers(request.query)
    const [catalogue, tag] = asked(request)
    return answer(request, reply, tag, () => ({
      version: catalogue.version,
      effectiveFrom: catalogue.effectiveFrom,
      themes: [...catalogue.themes.values()].map(({ code, name, applicant, modes }) => ({
        code,
        name,
        applicant,
        modes,
      })),
    }))
  })

  app.get<{ Params: { code: string }; Querystring: Query }>(
    '/v1/themes/:code',
    { config: { access, doc: themeDoc } },
    (request, reply) => {
      refuseOthers(request.query)
      const [catalogue, tag] = asked(request)
      const theme = catalogue.themes.get(request.params.code)
      if (!theme) throw unknownTheme(plan(catalogue, nothingAsked(request.params.code)))
      return answer(request, reply, tag, () => describeTheme(catalogue, theme))
    },
  )

  app.get<{ Params: { code: string }; Querystring: Query }>(
    '/v1/themes/:code/checklist',
    { config: { access, doc: checklistDoc } },
    (request, reply) => {
      const { code } = request.params
      const [catalogue, tag] = asked(request)
      if (!catalogue.themes.has(code)) throw unknownTheme(plan(catalogue, nothingAsked(code)))
      const wanted = readQuery(code, request.query, catalogue)
      const planned = plan(catalogue, wanted)
      if (planned.problems.length > 0)
        throw problem('invalid-request', { errors: planned.problems.map(byParameter) })
      const day = today()
      return answer(request, reply, `${tag}-${day}`, () =>
        checklist(catalogue, wanted, planned, settings.halls.values(), day),
      )
    },
  )
}

/** What is wrong with the plan, as the query asked for it; what the plan calls homeDivision is `home` there. */
const byParameter = (one: PlanProblem): FieldError => ({
  ...one,
  pointer: one.pointer === '/homeDivision' ? inQuery('home') : `${inQuery()}${one.pointer}`,
})

type Query = Record<string, string | string[]>

function unknownVersion(version: string): Error {
  const said = version.slice(0, 64)
  const [message, messageZh] = [`There is no catalogue version ${said}`, `没有事项清单版本 ${said}`]
  return problem('not-found', {
    detail: message,
    detailZh: messageZh,
    errors: [{ pointer: inQuery('version'), code: 'unknown-version', message, messageZh }],
  })
}

/**
 * 304 when the client has this version already (RFC 9110); the settings, and the gateway that reads them,
 * decide the answer of a path.
 */
export function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  version: string,
  make: () => unknown,
): unknown {
  const etag = `"${version}-${VERSION}"`
  reply.header('etag', etag).header('cache-control', 'private, no-cache')
  if (hasAlready(request, etag)) return reply.code(304).send()
  return make()
}

function unknownTheme(planned: Plan): Error {
  const [first] = planned.problems
  return problem('not-found', {
    errors: planned.problems.map((one) => ({ ...one, pointer: '/path/code' })),
    ...(first ? { detail: first.message, detailZh: first.messageZh } : {}),
  })
}

const nothingAsked = (theme: string) => ({ theme, homeDivision: '', mode: 'online' as const })
