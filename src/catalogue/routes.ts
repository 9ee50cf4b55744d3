// GET /v1/themes …: the catalogue over HTTP. Reads settings only; nothing is stored and nothing is decided here.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Plan, plan } from '../domain/plan.ts'
import { hasAlready } from '../intake/entity-tags.ts'
import { problem } from '../intake/problems.ts'
import type { Settings } from '../settings/settings.ts'
import { checklist, describeTheme } from './checklist.ts'
import { checklistDoc, themeDoc, themesDoc } from './docs.ts'
import { readQuery } from './query.ts'

export interface CatalogueDeps {
  settings: Pick<Settings, 'catalogue' | 'halls' | 'version'>
  /** The present time; default the machine's clock. Decides only which windows are authorised today. */
  now?: () => Date
}

const access = { scope: 'catalogue:read' } as const

/** Adds GET /v1/themes, /v1/themes/:code and /v1/themes/:code/checklist. Answers carry an ETag. */
export async function catalogueRoutes(app: FastifyInstance, deps: CatalogueDeps): Promise<void> {
  const { settings } = deps
  const { catalogue } = settings
  const today = (): string => chinaDate(deps.now?.() ?? new Date())

  app.get('/v1/themes', { config: { access, doc: themesDoc } }, (request, reply) =>
    answer(request, reply, settings.version, () => ({
      version: catalogue.version,
      effectiveFrom: catalogue.effectiveFrom,
      themes: [...catalogue.themes.values()].map(({ code, name, applicant, modes }) => ({
        code,
        name,
        applicant,
        modes,
      })),
    })),
  )

  app.get<{ Params: { code: string } }>(
    '/v1/themes/:code',
    { config: { access, doc: themeDoc } },
    (request, reply) => {
      const theme = catalogue.themes.get(request.params.code)
      if (!theme) throw unknownTheme(plan(catalogue, nothingAsked(request.params.code)))
      return answer(request, reply, settings.version, () => describeTheme(catalogue, theme))
    },
  )

  app.get<{ Params: { code: string }; Querystring: Record<string, string | string[]> }>(
    '/v1/themes/:code/checklist',
    { config: { access, doc: checklistDoc } },
    (request, reply) => {
      const { code } = request.params
      if (!catalogue.themes.has(code)) throw unknownTheme(plan(catalogue, nothingAsked(code)))
      const asked = readQuery(code, request.query)
      const planned = plan(catalogue, asked)
      if (planned.problems.length > 0) throw problem('invalid-request', { errors: planned.problems })
      const day = today()
      return answer(request, reply, `${settings.version}-${day}`, () =>
        checklist(catalogue, asked, planned, settings.halls.values(), day),
      )
    },
  )
}

/** 304 when the client has this version already (RFC 9110); the settings decide the answer of a path. */
export function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  version: string,
  make: () => unknown,
): unknown {
  const etag = `"${version}"`
  reply.header('etag', etag).header('cache-control', 'private, no-cache')
  if (hasAlready(request, etag)) return reply.code(304).send()
  return make()
}

function unknownTheme(planned: Plan): Error {
  const [first] = planned.problems
  return problem('not-found', {
    errors: planned.problems,
    ...(first ? { detail: first.message, detailZh: first.messageZh } : {}),
  })
}

const nothingAsked = (theme: string) => ({ theme, homeDivision: '', mode: 'online' as const })

const CHINA_OFFSET_MS = 8 * 3_600_000
const chinaDate = (now: Date): string => new Date(now.getTime() + CHINA_OFFSET_MS).toISOString().slice(0, 10)
