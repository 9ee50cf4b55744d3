// The simulated China Post EMS: the real wire format of 国内协议客户 API (form, SM4, HTTP 200 even when refusing),
// its own books, and parcels that really travel. It must not know the adapter; both follow the carrier's papers.

import type { FastifyInstance } from 'fastify'
import type { Actor, CityContext } from '../actor.ts'
import { beijingTime, isBeijingTime } from '../beijing-time.ts'
import { openBooks } from './books.ts'
import { type JourneyShares, usualShares } from './journey.ts'
import { type Office, openOffice, type PostAnswer, refused } from './office.ts'
import { openOrder } from './sealing.ts'
import { createTracking } from './tracking.ts'

export interface EmsOptions {
  /** Default 'ems'. */
  name?: string
  /** 授权码 that orders must carry. */
  authorization: string
  /** Base64 of 16 bytes, for orders and pushes. */
  signKey: string
  /** Customer numbers with a contract; any of 6 to 20 digits when left out. */
  customers?: readonly string[]
  /** Chooses each parcel's journey, together with its number. */
  seed?: string
  shares?: Partial<JourneyShares>
}

const FORM = 'application/x-www-form-urlencoded'
const PATHS = ['/amp-prod-api/f/amp/api/open', '/amp-prod-api/f/amp/api/test']

/** An actor; pushes go to `{gatewayUrl}/v1/carriers/ems/tracking`. */
export function createEms(context: CityContext, options: EmsOptions): Actor {
  const name = options.name ?? 'ems'
  const books = openBooks()
  const tracking = createTracking(context, books, { actor: name, signKey: options.signKey })
  const office = openOffice(context, books, tracking, {
    seed: options.seed ?? 'ems',
    shares: { ...usualShares, ...options.shares },
  })
  return {
    name,
    routes(app) {
      readForms(app)
      for (const path of PATHS) {
        app.post(path, async (request) => {
          books.count('requests')
          return envelope(answerForm(formOf(request.body), options, office))
        })
      }
    },
    books: () => books.read(),
  }
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

function answerForm(form: Record<string, string>, options: EmsOptions, office: Office): PostAnswer {
  const { apiCode, senderNo = '', timeStamp, logitcsInterface, authorization } = form
  if (!apiCode || !logitcsInterface) return refused('apiCode、logitcsInterface不能为空')
  if (!isBeijingTime(timeStamp)) return refused('timeStamp格式错误')
  if (!isCustomer(senderNo, options)) return refused('协议客户号不存在')
  if (authorization !== options.authorization) return refused('授权码错误')
  const body = openOrder(logitcsInterface, options.signKey)
  return body === null ? refused('报文解密失败') : office.answer(apiCode, body, senderNo)
}

function isCustomer(senderNo: string, { customers }: EmsOptions): boolean {
  return customers ? customers.includes(senderNo) : /^\d{6,20}$/.test(senderNo)
}

let serial = 0

function envelope({ retCode, retMsg, retBody }: PostAnswer) {
  return {
    serialNo: `EMS${Date.now()}${String(++serial).padStart(6, '0')}`,
    retCode,
    retMsg,
    retBody: retBody === undefined ? '' : typeof retBody === 'string' ? retBody : JSON.stringify(retBody),
    retDate: beijingTime(Date.now()),
    success: retCode === '00000',
  }
}
