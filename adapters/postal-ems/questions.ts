// Questions to the current generation that have no effect: label, reach of an address, its parts, fees.
// One interface each; what the answers mean is read here and nowhere else.

import type { Adapter, Attempt, PostalParty, Questions } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isRecord, nested, text } from '../../src/adapter-kit/loose-json.ts'
import { reachOf } from './address-statuses.ts'
import { call } from './call.ts'
import { LABEL_MAX_BYTES, labelOf } from './label.ts'
import { fenOf, gramsOf } from './measures.ts'
import { accountFor, type CompleteSettings } from './settings.ts'
import { orderNumber } from './translate.ts'

const apiCodes = {
  label: '010004',
  checkAddress: '030005',
  parseAddress: '060001',
  estimateFee: '050005',
  readFee: '050001',
} as const

/** 030005: 2 is a contract customer who asks at once. */
const CONTRACT_CUSTOMER = '2'

type Answered<Q extends keyof Questions> = Promise<Questions[Q]['answer']>

export function openQuestions(settings: CompleteSettings): NonNullable<Adapter['questions']> {
  return { checkAddress, parseAddress, estimateFee, readFee, label }

  function ask(apiCode: string, body: unknown, attempt: Attempt, more: Partial<Asking> = {}) {
    const { customerNumber, persons = [], maxBytes } = more
    const account = accountFor(settings, customerNumber)
    const asked = { account, apiCode, body, persons, ...(maxBytes ? { maxBytes } : {}) }
    return call(settings, asked, attempt)
  }

  async function checkAddress(asked: Questions['checkAddress']['asked'], attempt: Attempt) {
    const { bizProductNo } = settings
    const { customerNumber: senderNo } = accountFor(settings, asked.customerNumber)
    const body = { ...placeOf(asked), bizProductNo, type: CONTRACT_CUSTOMER, senderNo }
    const more = { persons: personsOfParty(asked), ...accountIn(asked) }
    const answer = await ask(apiCodes.checkAddress, body, attempt, more)
    return reachOf(text(firstOf(answer.body)?.status))
  }

  async function parseAddress(asked: { text: string }, attempt: Attempt): Answered<'parseAddress'> {
    const body = [{ wholeAddress: asked.text }]
    const answer = await ask(apiCodes.parseAddress, body, attempt, { persons: [asked.text] })
    return partsOf(firstOf(answer.body), asked.text)
  }

  async function estimateFee(asked: Questions['estimateFee']['asked'], attempt: Attempt) {
    const { sender, receiver, weightGrams, customerNumber } = asked
    const body = {
      productCode: settings.feeProductCode,
      weight: String(weightGrams),
      senderInfo: placeOf(sender),
      receiveInfo: placeOf(receiver),
    }
    const persons = [...personsOfParty(sender), ...personsOfParty(receiver)]
    const more = { persons, ...(customerNumber ? { customerNumber } : {}) }
    const answer = await ask(apiCodes.estimateFee, body, attempt, more)
    return { fee: fenOf(firstOf(answer.body)?.totalFee, settings.feeUnit) }
  }

  async function readFee(asked: Questions['readFee']['asked'], attempt: Attempt): Answered<'readFee'> {
    const body = { logisticsOrderNo: orderNumber(asked.parcelId), waybillNo: asked.reference }
    const answer = await ask(apiCodes.readFee, body, attempt, accountIn(asked))
    const said = firstOf(answer.body)
    const weightGrams = gramsOf(said?.realWeight)
    return {
      fee: fenOf(said?.postageTotal, settings.feeUnit),
      ...(weightGrams === undefined ? {} : { weightGrams }),
    }
  }

  async function label(asked: Questions['label']['asked'], attempt: Attempt): Answered<'label'> {
    const { type, asUrl } = settings.label
    const body = { waybillNo: asked.reference, type, ...(asUrl ? { getURL: '1' } : {}) }
    const more = { ...accountIn(asked), maxBytes: LABEL_MAX_BYTES }
    const answer = await ask(apiCodes.label, body, attempt, more)
    return labelOf(answer.body, asked.reference, attempt)
  }
}

interface Asking {
  customerNumber: string
  persons: readonly string[]
  maxBytes: number
}

const accountIn = ({ customerNumber }: { customerNumber?: string }) =>
  customerNumber ? { customerNumber } : {}

const personsOfParty = ({ address, mobile, name }: PostalParty) => [address, mobile, name]

function placeOf({ province, city, county, address }: PostalParty) {
  return { prov: province, city, county, address }
}

/** The answer's object, or the only one of its list. */
function firstOf(body: unknown): Record<string, unknown> | undefined {
  const value = nested(body) ?? body
  const first = Array.isArray(value) ? value[0] : value
  return isRecord(first) ? first : undefined
}

/** Without a county a parcel cannot be ordered: an address that lacks one is not parsed. */
function partsOf(
  said: Record<string, unknown> | undefined,
  whole: string,
): Questions['parseAddress']['answer'] {
  const [province, city, county] = [text(said?.prov), text(said?.city), text(said?.county)]
  if (!province || !city || !county) {
    const what = '地址无法完整解析，请补充省、市、区县 (the address could not be parsed whole)'
    throw new AdapterFailure('rejected', what, { code: 'address-incomplete' })
  }
  const after = whole.indexOf(county)
  const rest = after < 0 ? whole : whole.slice(after + county.length)
  return { province, city, county, address: text(said?.address) ?? rest.trim() }
}
