// POST /v1/certificates/query: online verification at a window. Nothing is stored; the log tells who asked what kind of
// certificate, why and with what verdict, and never whose.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { maskText } from '../adapter-kit/masking.ts'
import type { AskSystem } from '../delivery/questions.ts'
import type { CertificateType } from '../domain/catalogue.ts'
import { fieldError } from '../http/field-error.ts'
import { jsonOf } from '../http/json-body.ts'
import { rawBodies } from '../http/messages.ts'
import { problem } from '../http/problems.ts'
import type { Divisions } from '../intake/normalise/index.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { clientOf } from '../security/access.ts'
import { askRegistry, type Registry } from './ask-registry.ts'
import { certificateQueryDoc } from './docs.ts'
import { type CertificateQuery, readQuestion, typeAskedAbout } from './question.ts'
import { verdicts } from './verdicts.ts'

interface CertificateDeps {
  ledger: Pick<Ledger, 'now'>
  ask: AskSystem
  /** Which registry keeps certificates of a type. */
  certificateTypes: { get(code: string): CertificateType | undefined }
  catalogues: { inForce(): Divisions }
}

const LARGEST_BODY_BYTES = 16 * 1024

export async function certificateRoutes(app: FastifyInstance, deps: CertificateDeps): Promise<void> {
  const access = { scope: 'certificates:query' } as const
  await app.register(async (scope) => {
    await rawBodies(scope, LARGEST_BODY_BYTES)
    scope.post(
      '/v1/certificates/query',
      { config: { access, doc: certificateQueryDoc } },
      async (request, reply) => {
        const query = readQuestion(jsonOf(request), deps.catalogues.inForce())
        const client = clientOf(request)
        if (!client.divisions.includes('*') && !client.divisions.includes(query.division))
          throw problem('division-not-allowed')
        const registry = registryOf(query, deps)
        const queriedAt = deps.ledger.now().toISOString()
        const { status, certificates } = await askRegistry(deps.ask, registry, query)
        told(request, query, { registry: registry.system, status, certificates: certificates.length })
        reply.header('cache-control', 'no-store')
        return {
          registry: registry.system,
          certificateType: registry.certificateType,
          queriedAt,
          status,
          meaning: verdicts[status],
          certificates,
        }
      },
    )
  })
}

function registryOf(query: CertificateQuery, { certificateTypes }: CertificateDeps): Registry {
  const code = typeAskedAbout(query)
  const type = certificateTypes.get(code ?? '')
  if (type) return { system: type.registry, certificateType: type.code, certificateName: type.name.zh }
  const pointer = query.certificateType === undefined ? '/identifier' : '/certificateType'
  throw problem('invalid-request', {
    errors: [
      fieldError(
        pointer,
        'unknown-certificate-type',
        'is of a type that is not in the catalogue',
        '证照类型不在目录中',
      ),
    ],
  })
}

/** A purpose is free text: persons of the question and long numbers are taken out of it. */
function told(request: FastifyRequest, query: CertificateQuery, outcome: object): void {
  const persons = query.holder ? [query.holder.name, query.holder.idNumber] : []
  request.log.info(
    {
      client: request.client?.id,
      division: query.division,
      certificateType: typeAskedAbout(query),
      by: query.holder ? 'holder' : query.identifier === undefined ? 'qrcode' : 'identifier',
      purpose: maskText(query.purpose, persons),
      ...outcome,
    },
    'certificate.queried',
  )
}
