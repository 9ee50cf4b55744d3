// The simulated Kuaidi100: subscription, query and callbacks in the real wire format, its own books.
// It must not know the adapter; both follow the company's papers.

import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Actor, CityContext } from '../actor.ts'
import { type Kuaidi100Books, openKuaidi100Books } from './books.ts'
import { follow, resultOf } from './journey.ts'

export interface Kuaidi100Options {
  /** Default 'kuaidi100'. */
  name?: string
  key: string
  customer: string
  /** Chooses each parcel's journey, together with its number. */
  seed?: string
  /** Share of parcels that are not delivered at the first try. Default 0.1. */
  failedFirst?: number
  /** Codes of carriers that it follows. Default ems, shunfeng, youzhengguonei. */
  carriers?: readonly string[]
  /** Of these the phone's last four digits must be told. Default shunfeng. */
  phoneNeeded?: readonly string[]
}

type Fields = Record<string, unknown>

const FORM = 'application/x-www-form-urlencoded'
const usualCarriers = ['ems', 'shunfeng', 'youzhengguonei']

/** An actor; it calls back where each subscription says. */
export function createKuaidi100(context: CityContext, options: Kuaidi100Options): Actor {
  const name = options.name ?? 'kuaidi100'
  const books = openKuaidi100Books()
  const { seed = 'kuaidi100', failedFirst = 0.1 } = options
  return {
    name,
    routes(app) {
      readForms(app)
      app.post('/poll', async (request) => {
        books.count('requests')
        return subscribe(formOf(request.body))
      })
      app.post('/poll/query.do', async (request) => {
        books.count('requests')
        return query(formOf(request.body), books, options)
      })
    },
    books: () => books.read(),
  }

  function subscribe({ schema, param }: Record<string, string>) {
    const said = fields(parsed(param))
    const { callbackurl, salt = '', phone } = fields(said.parameters)
    if (schema !== 'json' || typeof callbackurl !== 'string' || !URL.canParse(callbackurl)) {
      return refused('700', '订阅数据有误')
    }
    if (said.key !== options.key) return refused('600', '您不是合法的订阅者')
    const [com, num] = [String(said.company), String(said.number ?? '')]
    if (!(options.carriers ?? usualCarriers).includes(com)) return refused('701', '不支持该快递公司')
    if (!/^[A-Za-z0-9]{6,32}$/.test(num)) return refused('700', '单号为空或超长')
    if (books.find(num)) {
      books.count('duplicatesRefused')
      return refused('501', 'POLL:重复订阅')
    }
    books.count('subscriptions')
    const about = {
      com,
      num,
      callbackUrl: callbackurl,
      salt: String(salt),
      phone: phone ? String(phone) : undefined,
    }
    follow(context, books, { actor: name, seed, failedFirst }, books.enter(about))
    return { result: true, returnCode: '200', message: '提交成功' }
  }
}

function query(
  { customer, sign, param }: Record<string, string>,
  books: Kuaidi100Books,
  options: Kuaidi100Options,
) {
  const wanted = createHash('md5')
    .update(`${param}${options.key}${options.customer}`)
    .digest('hex')
    .toUpperCase()
  if (customer !== options.customer || sign !== wanted) return refused('503', '验证签名失败')
  const said = fields(parsed(param))
  const [com, num] = [String(said.com), String(said.num ?? '')]
  if (!num) return refused('400', '提交的数据不完整')
  const one = books.find(num)
  if ((options.phoneNeeded ?? ['shunfeng']).includes(com) && !/^\d{4}$/.test(String(said.phone ?? ''))) {
    return refused('408', '验证码错误')
  }
  const scans = one?.scans ?? []
  if (scans.length === 0) return refused('500', '查询无结果，请隔段时间再查')
  return resultOf({ com, num, scans })
}

function refused(returnCode: string, message: string) {
  return { result: false, returnCode, message }
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

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function parsed(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? '')
  } catch {
    return undefined
  }
}
