// POST /v1/materials/reusable: what a holder has submitted before and may use again for this theme. Who is asked about
// stands in the body only, and in no log.

import type { ValidateFunction } from 'ajv/dist/2020.js'
import type { FastifyInstance } from 'fastify'
import querySchema from '../../schemas/reusable-query.schema.json' with { type: 'json' }
import type { ReusableAnswer, ReusableQuery } from '../../schemas/types.ts'
import { isRecord } from '../adapter-kit/loose-json.ts'
import { dayOf } from '../domain/calendar.ts'
import { type PlannedMaterial, plan } from '../domain/plan.ts'
import type { Certificate } from '../domain/proofs.ts'
import { fieldError } from '../http/field-error.ts'
import { jsonOf } from '../http/json-body.ts'
import { stored } from '../http/ledger-away.ts'
import { rawBodies } from '../http/messages.ts'
import { problem } from '../http/problems.ts'
import { type ReusableMaterial, reusableOf } from '../ledger/reusable.ts'
import { clientOf } from '../security/access.ts'
import { explainAll } from '../settings/explain.ts'
import { createAjv } from '../settings/schemas.ts'
import type { IntakeDeps } from './accept.ts'
import { holderHash } from './holder-hash.ts'
import { cleanText, type Divisions, idNumber, knownDivision } from './normalise/index.ts'
import { reusableDoc } from './reusable-docs.ts'
import { isSeenBy, lastDayOf } from './shared-materials.ts'

const LARGEST_BODY_BYTES = 64 * 1024
const access = { scope: 'submissions:read' } as const

export async function reusableRoutes(
  app: FastifyInstance,
  deps: Pick<IntakeDeps, 'catalogues' | 'ledger' | 'settings'>,
): Promise<void> {
  await app.register(async (scope) => {
    await rawBodies(scope, LARGEST_BODY_BYTES)
    scope.post(
      '/v1/materials/reusable',
      { config: { access, doc: reusableDoc } },
      async (request, reply): Promise<ReusableAnswer> => {
        const client = clientOf(request)
        if (!client.platform)
          throw problem('forbidden', {
            detail: `client ${client.id} is not assigned to a platform`,
            detailZh: `客户端 ${client.id} 未关联平台`,
          })
        const query = readQuery(jsonOf(request), deps.catalogues.inForce())
        const wanted = wantedBy(query, deps)
        const holder = holderHash(deps.settings.keys.holders, query.holder)
        const found = await stored(reusableOf(deps.ledger.readers, holder, client.platform))
        const today = dayOf(deps.ledger.now().toISOString())
        const items = found
          .filter((one) => isSeenBy(client, one))
          .flatMap((one) => offer(one, wanted.get(one.material), today))
        request.log.info(
          { client: client.id, theme: query.theme, offered: items.length },
          'materials.offered',
        )
        reply.header('cache-control', 'no-store')
        return { items }
      },
    )
  })
}

let compiled: ValidateFunction<ReusableQuery> | undefined

/** Throws `invalid-request` with every fault. */
function readQuery(raw: unknown, catalogue: Divisions): ReusableQuery {
  compiled ??= createAjv().compile<ReusableQuery>(querySchema)
  const body = withKnownHome(withCleanHolder(raw), catalogue)
  if (!compiled(body)) throw problem('invalid-request', { errors: explainAll(compiled.errors) })
  const number = idNumber(body.holder.idType, body.holder.idNumber)
  if (typeof number === 'string') return { ...body, holder: { ...body.holder, idNumber: number } }
  const { code, message, messageZh } = number
  throw problem('invalid-request', { errors: [fieldError('/holder/idNumber', code, message, messageZh)] })
}

/** Full-width forms and blanks, as keyboards make them; what cannot be kept stays for the schema. */
function withCleanHolder(raw: unknown): unknown {
  if (!isRecord(raw) || !isRecord(raw.holder)) return raw
  const clean = (value: unknown): unknown => {
    const text = typeof value === 'string' ? cleanText(value) : value
    return typeof text === 'string' ? text : value
  }
  const { idType, idNumber, ...rest } = raw.holder
  return { ...raw, holder: { ...rest, idType: clean(idType), idNumber: clean(idNumber) } }
}

/** The home division as a submission may write it. */
function withKnownHome(raw: unknown, catalogue: Divisions): unknown {
  return isRecord(raw) ? { ...raw, homeDivision: knownDivision(raw.homeDivision, catalogue) } : raw
}

/** What this theme asks for that may come from an earlier case, by code. */
function wantedBy(
  { theme, homeDivision, mode, situations = {} }: ReusableQuery,
  { catalogues }: Pick<IntakeDeps, 'catalogues'>,
): Map<string, PlannedMaterial> {
  const { problems, materials } = plan(catalogues.inForce(), { theme, homeDivision, mode, situations })
  if (problems.length > 0) throw problem('invalid-request', { errors: problems })
  const again = materials.filter(({ sources, reusableFor }) => reusableFor && sources.includes('shared'))
  return new Map(again.map((one) => [one.code, one]))
}

function offer(
  one: ReusableMaterial,
  wanted: PlannedMaterial | undefined,
  today: string,
): ReusableAnswer['items'] {
  const expiresOn = lastDayOf(one, wanted)
  if (!wanted || expiresOn === undefined || expiresOn < today) return []
  const { id, material, submissionId, caseId, matter, decidedAt, trust } = one
  const from = { submissionId, caseId, matter, decidedAt: decidedAt.toISOString() }
  return [{ id, material, name: wanted.name, from, expiresOn, trust, proof: proofOf(one) }]
}

function proofOf({ data: { certificate, checked, files } }: ReusableMaterial) {
  return {
    ...(certificate ? { certificate: certificateProof(certificate) } : {}),
    ...(checked ? { window: checked } : {}),
    sha256: files.map(({ sha256 }) => sha256),
  }
}

function certificateProof({ type, identifier, verifiedAt, evidence }: Certificate) {
  const { verifyingCode } = evidence
  return { type, identifier, verifiedAt, ...(typeof verifyingCode === 'string' ? { verifyingCode } : {}) }
}
