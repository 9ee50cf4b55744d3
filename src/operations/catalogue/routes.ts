// What operators may see and do of the catalogue's versions: which there are, what is in them, what two of
// them differ in, and bringing the files into force.

import type { FastifyInstance } from 'fastify'
import { diffCatalogues } from '../../catalogue/diff.ts'
import type { Catalogues } from '../../catalogue/in-force.ts'
import type { FoundVersion } from '../../catalogue/shelf.ts'
import { tagged } from '../../http/entity-tags.ts'
import { fieldError } from '../../http/field-error.ts'
import { stored } from '../../http/ledger-away.ts'
import { membersOf, unknownMembers } from '../../http/members.ts'
import { problem } from '../../http/problems.ts'
import { inQuery, refuseUnknown, unknownParameters } from '../../http/query-parameters.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { operatorOf } from '../../security/access.ts'
import type { ConfigurationProblem } from '../../settings/problems.ts'
import { orderOnce } from '../order-once.ts'
import { asFieldError } from '../reload/routes.ts'
import type { Activator } from './activate.ts'
import { docs } from './docs.ts'

interface CatalogueVersionDeps {
  catalogues: Pick<Catalogues, 'number' | 'find' | 'list' | 'refresh'>
  /** Absent: its files were read once, and are not read again. */
  activate: Activator | undefined
  ledger: Pick<Ledger, 'writers'>
}

type Asked = { Body: { replace?: unknown } | null }

export async function catalogueVersionRoutes(
  app: FastifyInstance,
  { catalogues, activate, ledger }: CatalogueVersionDeps,
): Promise<void> {
  const viewer = 'operator:viewer' as const

  app.get(
    '/ops/v1/catalogue/versions',
    { config: { access: viewer, doc: docs.list } },
    async (request, reply) => {
      refuseUnknown(request.query, [])
      await stored(catalogues.refresh())
      return tagged(request, reply, { inForce: catalogues.number(), items: catalogues.list() })
    },
  )

  app.get<{ Params: { number: string } }>(
    '/ops/v1/catalogue/versions/:number',
    { config: { access: viewer, doc: docs.show } },
    async (request, reply) => {
      refuseUnknown(request.query, [])
      await stored(catalogues.refresh())
      const { number } = request.params
      return tagged(request, reply, described(found(catalogues, number, '/path/number')))
    },
  )

  app.get<{ Querystring: { from?: unknown; to?: unknown } }>(
    '/ops/v1/catalogue/diff',
    { config: { access: viewer, doc: docs.diff } },
    async (request, reply) => {
      await stored(catalogues.refresh())
      const [from, to] = asked(request.query, catalogues)
      const changes = diffCatalogues(from.catalogue, to.catalogue)
      return tagged(request, reply, { from: listed(from), to: listed(to), changes })
    },
  )

  if (!activate) return

  app.post<Asked>(
    '/ops/v1/catalogue/validate',
    { config: { access: viewer, doc: docs.validate } },
    async (request) => {
      const checked = await stored(activate.validate(replaces(request.body)))
      if (checked.result === 'refused') throw refused(checked.problems)
      return checked
    },
  )

  app.post<Asked>(
    '/ops/v1/catalogue/activate',
    { config: { access: 'operator:operator', doc: docs.activate } },
    (request, reply) =>
      orderOnce(ledger, request, reply, async () => {
        const by = `operator:${operatorOf(request).id}`
        const activated = await stored(activate.activate(by, replaces(request.body)))
        if (activated.result === 'refused') throw refused(activated.problems)
        return activated
      }),
  )
}

const listed = ({ files: _, catalogue: __, ...version }: FoundVersion) => version

function described(version: FoundVersion): Record<string, unknown> {
  const { themes, matters, divisions, departments } = version.catalogue
  return {
    ...listed(version),
    themes: [...themes.keys()],
    matters: matters.size,
    divisions: divisions.size,
    departments: departments.size,
    files: version.files,
  }
}

function found(
  catalogues: CatalogueVersionDeps['catalogues'],
  reference: string,
  pointer: string,
): FoundVersion {
  const version = catalogues.find(reference)
  if (version) return version
  throw problem('not-found', {
    detail: `there is no catalogue version ${reference.slice(0, 64)}`,
    detailZh: `没有事项清单版本 ${reference.slice(0, 64)}`,
    errors: [fieldError(pointer, 'unknown-version', 'is no recorded version', '没有该版本')],
  })
}

/** `from` is the version in force, `to` the newest, unless named. */
function asked(
  query: { from?: unknown; to?: unknown },
  catalogues: CatalogueVersionDeps['catalogues'],
): [from: FoundVersion, to: FoundVersion] {
  const { from = String(catalogues.number()), to = String(catalogues.list()[0]!.number) } = query
  const errors = unknownParameters(query, ['from', 'to'])
  for (const [name, value] of Object.entries({ from, to }))
    if (typeof value !== 'string')
      errors.push(
        fieldError(inQuery(name), 'invalid-type', 'must be one number or hash', '须为一个版本号或哈希'),
      )
  if (errors.length > 0) throw problem('invalid-request', { errors })
  return [found(catalogues, from as string, inQuery('from')), found(catalogues, to as string, inQuery('to'))]
}

/** `{"replace": true}`: it may take the days of versions that were recorded before. */
function replaces(body: unknown): boolean {
  const given = membersOf(body)
  const { replace = false } = given
  const errors = unknownMembers(given, ['replace'])
  if (typeof replace !== 'boolean')
    errors.push(fieldError('/replace', 'invalid-type', 'must be true or false', '须为 true 或 false'))
  if (errors.length > 0) throw problem('invalid-request', { errors })
  return replace === true
}

function refused(problems: readonly ConfigurationProblem[]): Error {
  return problem('invalid-configuration', {
    detail: 'the catalogue is refused; what was in force stays',
    detailZh: '事项清单未被采用，仍沿用现行版本',
    errors: problems.map(asFieldError),
  })
}
