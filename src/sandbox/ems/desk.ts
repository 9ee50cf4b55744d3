// What the post answers without anything happening: labels, reach of an address, its parts, fees.
// Must answer only from the books and what it is given; nothing here changes a parcel.

import { makePdf } from '../files/pdf.ts'
import type { OrderLine, PostBooks } from './books.ts'

type Fields = Record<string, unknown>
type Said = { done: unknown } | { refused: string }

const LABEL_BYTES = 2_000
const GRAMS_PER_STEP = 1_000
const products = new Set(['1', '2', '3', '9', '10', '11'])

/** Interface -> its answer to an opened body. */
export function openDesk(books: PostBooks): Record<string, (body: unknown) => Said> {
  const ofWaybill = (body: unknown, answer: (line: OrderLine) => unknown): Said => {
    const line = books.findWaybill(String(fields(body).waybillNo))
    return line ? { done: answer(line) } : { refused: '运单号不存在' }
  }
  return {
    '010004': (body) =>
      ofWaybill(body, ({ waybill, form }) => {
        books.count('labels')
        if (fields(body).getURL === '1') return `https://post.example/labels/${waybill}.pdf`
        return makePdf({
          lines: [waybill, form.receiver.county],
          bytes: LABEL_BYTES,
          filler: Buffer.from(waybill),
        }).toString('base64')
      }),
    '030005': (body) => ({ done: { status: reach(fields(body)) } }),
    '050001': (body) =>
      ofWaybill(body, (line) => ({ postageTotal: fee(grams(line)), realWeight: String(grams(line)) })),
    '050005': (body) => estimate(fields(body)),
    '060001': (body) => parse(body),
  }
}

/** The statuses of the carrier's paper. */
function reach({ prov, city, county, address, bizProductNo, senderNo }: Fields): string {
  if (![prov, city, county, address, senderNo].every(isText)) return '2'
  if (!isText(bizProductNo)) return '3'
  if (!products.has(String(bizProductNo))) return '4'
  if (/岛|礁/.test(String(address))) return '1'
  return String(address).length < 4 ? '9' : '0'
}

function estimate({ productCode, weight, senderInfo, receiveInfo }: Fields): Said {
  const places = [senderInfo, receiveInfo].every(
    (place) => isText(fields(place).prov) && isText(fields(place).city),
  )
  if (!/^\d{15}$/.test(String(productCode))) return { refused: 'productCode为空或不合法' }
  if (!/^\d{1,6}$/.test(String(weight)) || !places)
    return { refused: 'weight、senderInfo、receiveInfo为空或不合法' }
  return { done: { totalFee: fee(Number(weight)) } }
}

/** Weighed alike every time it is asked. */
const grams = ({ waybill }: OrderLine) => 100 + (Number(waybill.slice(-4)) % 900)

/** Yuan: 12 for the first kilogram, 2.50 for each more. */
function fee(weight: number): string {
  const steps = Math.max(0, Math.ceil(weight / GRAMS_PER_STEP) - 1)
  return (12 + steps * 2.5).toFixed(2)
}

const PARTS = /^(?<prov>[^省]+省|[^区]+自治区)?(?<city>[^市]+市)?(?<county>[^区县市]+[区县市])?(?<rest>.*)$/su

function parse(body: unknown): Said {
  const list = Array.isArray(body) ? body : []
  if (list.length === 0 || !list.every((entry) => isText(fields(entry).wholeAddress))) {
    return { refused: 'wholeAddress为空或不合法' }
  }
  return {
    done: list.map((entry) => {
      const wholeAddress = String(fields(entry).wholeAddress)
      const { prov = '', city = '', county = '', rest = '' } = PARTS.exec(wholeAddress)?.groups ?? {}
      return { wholeAddress, prov, city, county, address: rest }
    }),
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== ''
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
