// Questions to SF without effect: can it be fetched there, and the printable label.
// A label is fetched only from origins that the settings name.

import type { Adapter, Attempt, Questions } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isRecord, record, text } from '../../src/adapter-kit/loose-json.ts'
import type { Call } from './call.ts'
import { contact } from './order.ts'
import type { CompleteSettings } from './settings.ts'

const LABEL_MAX_BYTES = 8 * 1024 * 1024

type Answered<Q extends keyof Questions> = Promise<Questions[Q]['answer']>

export function openQuestions(settings: CompleteSettings, call: Call): NonNullable<Adapter['questions']> {
  return { checkAddress, label }

  async function checkAddress(
    party: Questions['checkAddress']['asked'],
    attempt: Attempt,
  ): Answered<'checkAddress'> {
    const { address, mobile, name, customerNumber: monthlyCard = settings.monthlyCard } = party
    const body = [{ filterType: 1, monthlyCard, contactInfos: [contact(2, party)] }]
    const asked = { persons: [address, mobile, name] }
    const { data } = await call('EXP_RECE_FILTER_ORDER_BSP', body, asked, attempt)
    return reachOf(record(Array.isArray(data) ? data[0] : data))
  }

  async function label(asked: Questions['label']['asked'], attempt: Attempt): Answered<'label'> {
    const body = {
      templateCode: settings.label.templateCode,
      version: '2.0',
      fileType: 'pdf',
      sync: true,
      documents: [{ masterWaybillNo: asked.reference }],
    }
    const { data } = await call('COM_RECE_CLOUD_PRINT_WAYBILLS', body, { persons: [] }, attempt)
    const files = record(data).files
    const file = record((Array.isArray(files) ? files : []).find(isRecord))
    const pdf = await fetchLabel(text(file.url) ?? '', text(file.token), settings, attempt)
    const about = {
      fileName: `${asked.reference}.pdf`,
      mediaType: 'application/pdf',
      maxBytes: LABEL_MAX_BYTES,
    }
    return attempt.files.store(pdf, about)
  }
}

/** filterResult: 1 a person must look, 2 within reach, 3 not. */
function reachOf({ filterResult, remark }: Record<string, unknown>): { reachable: boolean; reason?: string } {
  const result = text(filterResult)
  if (result === '2') return { reachable: true }
  if (result === '3')
    return { reachable: false, reason: reasons.get(text(remark)) ?? '顺丰不可收派 (out of reach)' }
  if (result === '1') {
    throw new AdapterFailure('rejected', '顺丰需人工确认地址 (SF must look at the address by hand)', {
      code: 'filterResult 1',
    })
  }
  throw new AdapterFailure(
    'unrecognised',
    '未知的 filterResult (unknown filterResult)',
    result ? { code: result } : {},
  )
}

const reasons: ReadonlyMap<string | undefined, string> = new Map([
  ['1', '超出顺丰收件范围 (out of the collection range)'],
  ['2', '超出顺丰派件范围 (out of the delivery range)'],
])

/** The file's own token goes to its own address only. */
async function fetchLabel(
  url: string,
  token: string | undefined,
  settings: CompleteSettings,
  attempt: Attempt,
): Promise<Buffer> {
  if (!URL.canParse(url)) throw new AdapterFailure('unrecognised', '面单没有网址 (the label has no address)')
  const { origin } = new URL(url)
  if (!settings.label.origins.includes(origin)) {
    const what = `面单地址 ${origin.slice(0, 100)} 未在设置 label.origins 中登记 (not among label.origins)`
    throw new AdapterFailure('rejected', what, { code: 'label-origin' })
  }
  const headers = token ? { 'x-auth-token': token } : {}
  const { body } = await attempt.http.request({ method: 'GET', url, headers, maxBytes: LABEL_MAX_BYTES })
  if (body.subarray(0, 5).toString('latin1') !== '%PDF-') {
    throw new AdapterFailure('unrecognised', '面单不是 PDF (the label is no PDF)')
  }
  return body
}
