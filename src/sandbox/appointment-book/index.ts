// The simulated booking system of a department: slots, reservations and cancellations in the wire format of
// adapters/appointment-book-rest/README.md, signatures checked, books of its own. It must not know the adapter.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Actor } from '../actor.ts'
import { checkDepartmentHeaders } from '../signature.ts'
import { type AppointmentBooks, type BookedSlot, openAppointmentBooks } from './books.ts'

interface AppointmentBookOptions {
  /** Default 'appointment-book'. */
  name?: string
  key?: string
  secret: string
  slots?: readonly BookedSlot[]
}

interface AppointmentBookActor extends Actor {
  /** What the department's own people see and change. */
  desk: AppointmentBooks
}

type Fields = Record<string, unknown>
type Answer = { code: string; message?: string; data?: unknown }

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

export function createAppointmentBook(options: AppointmentBookOptions): AppointmentBookActor {
  const { name = 'appointment-book', key = 'tongban' } = options
  const desk = openAppointmentBooks()
  desk.offer(options.slots ?? [])

  return { name, desk, books: () => desk.read(), routes }

  async function routes(app: FastifyInstance): Promise<void> {
    app.removeContentTypeParser('application/json')
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    )
    app.get<{ Querystring: Record<string, string> }>('/slots', (request) =>
      signed(request, () => {
        const { item = '', area = '', from = '', to = '' } = request.query
        return { code: '0', data: { slots: desk.slots({ item, area, from, to }).map(slotLine) } }
      }),
    )
    app.post('/reservations', (request) => signed(request, reserve))
    app.get<{ Params: { no: string } }>('/reservations/:no', (request) =>
      signed(request, () => reservation(request.params.no, '0')),
    )
    app.post<{ Params: { no: string } }>('/reservations/:no/cancellation', (request) =>
      signed(request, () => cancel(request.params.no)),
    )
  }

  function signed(request: FastifyRequest, answer: (body: Fields) => Answer): Answer {
    desk.count('requests')
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const call = { method: request.method, target: request.url, body }
    const verdict = checkDepartmentHeaders(key, options.secret, call, request.headers)
    if (!verdict.ok) return { code: 'SIGNATURE', message: verdict.reason }
    return answer(body.length === 0 ? {} : (JSON.parse(body.toString()) as Fields))
  }

  function reserve(body: Fields): Answer {
    const [orderNo, item, area] = [text(body.orderNo), text(body.item), text(body.area)]
    if (orderNo === '') return { code: 'INVALID', message: '缺少 orderNo' }
    const { code } = desk.reserve({
      orderNo,
      item,
      area,
      slotNo: text(body.slotNo),
      begin: text(body.begin),
    })
    desk.count(`reserve ${code}`)
    if (code === '0' || code === 'DUPLICATE') return reservation(orderNo, code)
    return { code, message: '无法预约' }
  }

  function reservation(orderNo: string, code: string): Answer {
    const one = desk.find(orderNo)
    if (!one) return { code: 'NOT_FOUND', message: '无此预约' }
    const { reservationNo, state } = one
    return { code, data: { reservationNo, state, ...slotLine(one) } }
  }

  function cancel(orderNo: string): Answer {
    if (!desk.find(orderNo)) return { code: 'NOT_FOUND', message: '无此预约' }
    const code = desk.cancel(orderNo) ? '0' : 'DUPLICATE'
    desk.count(`cancel ${code}`)
    return { code }
  }
}

const slotLine = ({ slotNo, begin, end, total, place, ...rest }: BookedSlot & { left?: number }) => ({
  slotNo,
  begin,
  end,
  total,
  ...(rest.left === undefined ? {} : { left: rest.left }),
  ...(place === undefined ? {} : { place }),
})
