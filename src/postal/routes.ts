// What platforms may ask of the post before anything is ordered: whether an address can be served at all.

import type { FastifyInstance } from 'fastify'
import type { PostalParty } from '../adapter-kit/contract.ts'
import { AdapterFailure } from '../adapter-kit/failures.ts'
import type { AskSystem } from '../delivery/questions.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { membersOf, unknownMembers } from '../http/members.ts'
import { type Problem, problem } from '../http/problems.ts'
import { type Divisions, knownDivision } from '../intake/normalise/index.ts'
import type { PostalContract } from '../settings/settings.ts'
import { addressCheckDoc } from './docs.ts'

interface PostalDeps {
  /** By home division. */
  postal: ReadonlyMap<string, PostalContract>
  ask: AskSystem
  catalogues: { inForce(): Divisions }
}

interface AddressQuestion {
  homeDivision: string
  address: PostalParty
}

export async function postalRoutes(app: FastifyInstance, deps: PostalDeps): Promise<void> {
  app.post(
    '/v1/addresses/check',
    { config: { access: { scope: 'submissions:write' } as const, doc: addressCheckDoc } },
    async (request) => {
      const { homeDivision, address } = questionOf(request.body, deps.catalogues.inForce())
      const contract = deps.postal.get(homeDivision)
      if (!contract)
        throw problem('not-found', {
          detail: `division ${homeDivision} has no postal contract`,
          detailZh: `区划 ${homeDivision} 未配置邮寄合同`,
        })
      const { system, customerNumber } = contract
      const answer = await answered(deps.ask(system, 'checkAddress', { ...address, customerNumber }))
      return { carrier: contract.system, ...answer }
    },
  )
}

/** A carrier that gives no answer is no verdict on the address. */
async function answered<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    throw refused(error)
  }
}

/** What the asker can mend is an `invalid-request`; everything else waits for the carrier or an operator. */
function refused({ kind, code, message, setting, retryAfterMs = 0 }: AdapterFailure): Problem {
  if (code === 'cannot-answer') return problem('invalid-request', { errors: [notOffered] })
  if (kind === 'rejected' && setting === undefined)
    return problem('invalid-request', { errors: [refusedAddress(message)] })
  return problem('unavailable', {
    detail: message,
    detailZh: '承运方暂时无法校验地址，请稍后重试',
    ...(retryAfterMs > 0 ? { headers: { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) } } : {}),
  })
}

const notOffered = fieldError(
  '/homeDivision',
  'not-offered',
  'its carrier cannot check addresses',
  '该区划的承运方不提供地址校验',
)

const refusedAddress = (reason: string): FieldError =>
  fieldError(
    '/address',
    'refused-by-carrier',
    `is refused by the carrier: ${reason}`,
    `承运方不接受该地址：${reason}`,
  )

const parts = ['province', 'city', 'county', 'address'] as const
const LONGEST = 200

function questionOf(body: unknown, catalogue: Divisions): AddressQuestion {
  const fields = membersOf(body)
  const errors: FieldError[] = unknownMembers(fields, ['homeDivision', ...parts])
  const homeDivision = knownDivision(fields.homeDivision, catalogue)
  if (typeof homeDivision !== 'string') errors.push(noDivision)
  else if (!catalogue.divisions.has(homeDivision)) errors.push(unknownDivision)
  for (const name of parts) if (!isText(fields[name])) errors.push(missing(name))
  if (errors.length > 0) throw problem('invalid-request', { errors })
  const { province, city, county, address } = fields as Record<(typeof parts)[number], string>
  const party = { name: '', mobile: '', province, city, county, address }
  return { homeDivision: homeDivision as string, address: party }
}

const noDivision = fieldError(
  '/homeDivision',
  'invalid-value',
  'must be a division code of 6, 9 or 12 digits',
  '须为 6、9 或 12 位行政区划代码',
)
const unknownDivision = fieldError(
  '/homeDivision',
  'unknown-division',
  'is not a division of this city',
  '不是本市的行政区划代码',
)

const isText = (value: unknown): boolean =>
  typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST && value.isWellFormed()

const missing = (name: string): FieldError =>
  fieldError(
    `/${name}`,
    'required',
    `must be text of 1 to ${LONGEST} characters`,
    `须为 1 至 ${LONGEST} 个字符的文本`,
  )
