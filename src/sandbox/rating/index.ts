// The simulated 好差评 system: it is told of services in the real envelope, asks the applicants, and tells the gateway
// what they said. Some say nothing, some say it again. It must not know the adapter.

import { hash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Actor, CityContext } from '../actor.ts'
import { beijingTime } from '../beijing-time.ts'
import { fraction } from '../random.ts'
import { type GivenEvaluation, openRatingBooks } from './books.ts'

interface RatingOptions {
  /** Default 'rating'. */
  name?: string
  appMark?: string
  appWord: string
  /** Chooses who says what, together with the case's number. */
  seed?: string
  /** Share of services that are rated at all. Default 0.6. */
  answered?: number
}

type Fields = Record<string, unknown>

const THINKING_MS = 2_000
const REFUSED_PAUSE_MS = 2_000
const MOST_REFUSALS = 20
const SKEW_MS = 300_000
const SECOND_MS = 1_000
/** How many of a hundred rate 1, 2, 3, 4; the others 5. */
const scale = [2, 3, 10, 25]

export function createRating(context: CityContext, options: RatingOptions): Actor {
  const { name = 'rating', appMark = 'kaifeng-tongban', seed = 'rating', answered = 0.6 } = options
  const books = openRatingBooks()
  const signed = (time: string): string => hash('sm3', time + appMark + options.appWord, 'hex')

  return {
    name,
    routes(app: FastifyInstance) {
      app.post('/api/servicePush', async (request) => {
        books.count('requests')
        return answer(take(fields(request.body)))
      })
    },
    books: () => books.read(),
  }

  function take({ txnBodyCom }: Fields): string {
    const { appMark: mark, time, sign, params } = fields(txnBodyCom)
    if (mark !== appMark || sign !== signed(String(time))) return '签名错误'
    if (Math.abs(Date.now() - moment(String(time))) > SKEW_MS) return '请求已过期'
    const { projectNo, serviceNumber, taskCode, userName, serviceTime, proStatus, resultDate } =
      fields(params)
    if (Object.keys(fields(params)).length === 0) books.count('checks')
    const wanted = [projectNo, serviceNumber, taskCode, userName, serviceTime, proStatus]
    if (wanted.some((one) => typeof one !== 'string' || one === '')) return '缺少必填项'
    if ((proStatus === '3') !== (resultDate !== undefined)) return '办结时间与办件状态不符'
    const service = { projectNo: String(projectNo), serviceNumber: String(serviceNumber) }
    if (books.record({ ...service, params: JSON.stringify(params) })) ask(service)
    return 'success'
  }

  /** Whoever does not answer is not answered for. */
  function ask(service: Omit<GivenEvaluation, 'satisfaction'>): void {
    const chance = (what: string): number => fraction(seed, service.projectNo, service.serviceNumber, what)
    if (chance('answers') >= answered) return
    later(evaluation(service, chance('satisfaction')), THINKING_MS * (0.5 + chance('pace')))
    if (chance('adds') < 0.05)
      later(evaluation(service, chance('second thoughts')), THINKING_MS * (2 + chance('pace')))
  }

  function later(given: GivenEvaluation, ms: number): void {
    books.decided(given)
    context.later(ms, async () => {
      const assessTime = beijingTime(Date.now() - SECOND_MS)
      const words =
        Number(given.satisfaction) < 3 ? { evalDetail: '510,517', writingEvaluation: '等候时间较长' } : {}
      await tell(given, { ...given, ...words, pf: '2', name: '申请人', assessTime }, 0)
    })
  }

  async function tell(given: GivenEvaluation, params: Fields, refusals: number): Promise<void> {
    books.count('pushes')
    const time = beijingTime(Date.now()).replaceAll(/\D/g, '')
    const told = await context.push(name, {
      method: 'POST',
      path: `/v1/systems/${name}/events`,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ txnBodyCom: { appMark, time, sign: signed(time), params }, txnCommCom: {} }),
    })
    if (told.status === 200 && /"C-Response-Desc":"success"/.test(told.body)) return books.acknowledged(given)
    books.count('pushesRefused')
    if (refusals < MOST_REFUSALS) context.later(REFUSED_PAUSE_MS, () => tell(given, params, refusals + 1))
  }
}

function evaluation(service: Omit<GivenEvaluation, 'satisfaction'>, chance: number): GivenEvaluation {
  let left = chance * 100
  const index = scale.findIndex((share) => {
    left -= share
    return left < 0
  })
  return { ...service, satisfaction: String(index < 0 ? 5 : index + 1) }
}

const answer = (desc: string) => ({ txnBodyCom: {}, txnCommCom: {}, 'C-Response-Desc': desc })

function moment(time: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(time)
  if (!parts) return Number.NaN
  const [, year, month, day, hour, minute, second] = parts
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`)
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
