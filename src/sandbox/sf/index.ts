// The simulated SF Express 丰桥: the real wire format of /std/service (form, msgDigest or accessToken, codes in two
// layers), its own books, and parcels that really travel. It must not know the adapter; both follow the carrier's papers.

import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Actor, CityContext } from '../actor.ts'
import { makePdf } from '../files/pdf.ts'
import { openSfBooks, type SfBooks } from './books.ts'
import { digest, gatewayRefusal, passedOn, type SfForm } from './envelope.ts'
import { openJourneys } from './journey.ts'
import { openServices } from './service-codes.ts'

export interface SfOptions {
  /** Default 'sf'. */
  name?: string
  partnerID: string
  /** 校验码 of msgDigest. */
  checkword: string
  /** Secret of the OAuth2 way in; none when left out. */
  oauthSecret?: string
  /** Monthly accounts with a contract; any of 6 to 20 digits when left out. */
  monthlyCards?: readonly string[]
  /** Query token of the gateway's address; routes are pushed only when it is given. */
  pushToken?: string
  /** Chooses each parcel's journey, together with its number. */
  seed?: string
  /** Share of parcels that are not delivered at the first try. Default 0.1. */
  failedFirst?: number
}

const FORM = 'application/x-www-form-urlencoded'
const TOKEN_SECONDS = 7200

/** An actor; routes are pushed to `{gatewayUrl}/v1/carriers/sf/tracking?token=…`. */
export function createSf(context: CityContext, options: SfOptions): Actor {
  const name = options.name ?? 'sf'
  const books = openSfBooks()
  const { seed = 'sf', failedFirst = 0.1, pushToken, monthlyCards } = options
  const labelToken = secretOf(options, 'label')
  const journeys = openJourneys(context, books, {
    actor: name,
    seed,
    failedFirst,
    ...(pushToken === undefined ? {} : { pushToken }),
  })
  const services = openServices(books, journeys, { labelToken, ...(monthlyCards ? { monthlyCards } : {}) })
  const seen = new Set<string>()
  return {
    name,
    routes(app) {
      readForms(app)
      app.post('/oauth2/accessToken', async (request) => tokenFor(formOf(request.body), options))
      app.post('/std/service', async (request) => {
        books.count('requests')
        const form: SfForm = formOf(request.body)
        const refusal = refusalOf(form, options, seen)
        if (refusal) return refusal
        const service = services[form.serviceCode ?? '']
        const msgData = parsed(form.msgData)
        if (!service) return gatewayRefusal('A1004', '无对应服务权限')
        if (msgData === undefined) return gatewayRefusal('A1001', 'msgData不是JSON')
        return passedOn(service(msgData, (waybill) => labelUrl(request, name, waybill)))
      })
      app.get<{ Params: { waybill: string } }>('/labels/:waybill', async (request, reply) => {
        const pdf = labelOf(books, request.params.waybill.replace('.pdf', ''))
        if (request.headers['x-auth-token'] !== labelToken) return reply.code(403).send('')
        return pdf ? reply.type('application/pdf').send(pdf) : reply.code(404).send('')
      })
    },
    books: () => books.read(),
  }
}

function refusalOf(form: SfForm, options: SfOptions, seen: Set<string>) {
  const { partnerID, requestID, serviceCode, timestamp, msgData, msgDigest, accessToken } = form
  if (!partnerID || !requestID || !serviceCode || !timestamp || !msgData) {
    return gatewayRefusal('A1001', '必传参数不可为空')
  }
  const proved =
    accessToken === undefined
      ? msgDigest === digest(form, options.checkword)
      : options.oauthSecret !== undefined && accessToken === secretOf(options, 'token')
  if (partnerID !== options.partnerID || !/^\d{13}$/.test(timestamp) || !proved) {
    return gatewayRefusal('A1006', '数字签名无效')
  }
  if (seen.has(requestID)) return gatewayRefusal('A1007', '重复请求')
  seen.add(requestID)
  return undefined
}

function tokenFor({ partnerID, secret, grantType }: Record<string, string>, options: SfOptions) {
  const known = options.oauthSecret !== undefined && secret === options.oauthSecret
  if (partnerID !== options.partnerID || !known || grantType !== 'password') {
    return gatewayRefusal('A1006', '数字签名无效')
  }
  return {
    apiResultCode: 'A1000',
    apiErrorMsg: '',
    accessToken: secretOf(options, 'token'),
    expiresIn: TOKEN_SECONDS,
  }
}

function secretOf({ partnerID, checkword }: SfOptions, what: string): string {
  return createHash('sha256').update(`${partnerID} ${checkword} ${what}`).digest('hex').slice(0, 32)
}

function labelUrl(request: FastifyRequest, name: string, waybill: string): string {
  return `${request.protocol}://${request.host}/${name}/labels/${waybill}.pdf`
}

function labelOf(books: SfBooks, waybill: string): Buffer | undefined {
  if (!books.findWaybill(waybill)) return undefined
  return makePdf({ lines: [waybill], bytes: 2_000, filler: Buffer.from(waybill) })
}

function readForms(app: FastifyInstance): void {
  if (app.hasContentTypeParser(FORM)) return
  app.addContentTypeParser(FORM, { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))))
  })
}

function formOf(body: unknown): Record<string, string> {
  return typeof body === 'object' && body !== null ? { ...body } : {}
}

function parsed(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? '')
  } catch {
    return undefined
  }
}
