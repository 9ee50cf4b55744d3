// The desk's reports in the old system's words, one or several in a call of `reportEvents`.

import type { CityContext } from '../../actor.ts'
import type { Report, Tell } from '../desk.ts'
import { envelope, escapeXml, type Wire } from '../soap/wire.ts'
import { type Credentials, tokenMarkup } from './credentials.ts'

interface PlainReporter {
  id: string
  credentials: Credentials
  wire: Wire
}

/** Our answer when the gateway has it. */
const TAKEN = />1<\/(\w+:)?taken>/

export function plainTell(context: CityContext, { id, credentials, wire }: PlainReporter): Tell {
  const path = `/v1/systems/${id}/events`
  return async (report) => {
    const call = `<f:reportEvents xmlns:f="${wire.namespace}"><list>${markupOf(report)}</list></f:reportEvents>`
    const { type, body } = envelope(wire, call)
    const signed = body.toString().replace('<soapenv:Header/>', () => {
      return `<soapenv:Header>${tokenMarkup(credentials)}</soapenv:Header>`
    })
    const headers = { 'content-type': type, soapaction: '""' }
    const answer = await context.push(id, { method: 'POST', path, headers, body: signed })
    return answer.status === 200 && TAKEN.test(answer.body)
  }
}

function markupOf(report: Report): string {
  const { eventId, outerNo, projectNo, status, time, reason, limitDays, materials = [], result } = report
  const missing = materials.map((one) =>
    element('material', text('code', one.code) + text('why', one.reason)),
  )
  return element(
    'report',
    text('no', eventId) +
      text('serialNo', outerNo) +
      text('projectNo', projectNo) +
      text('status', status) +
      text('time', time) +
      text('remark', reason) +
      text('days', limitDays?.toString()) +
      (missing.length > 0 ? element('missing', missing.join('')) : '') +
      (result ? element('certificate', text('name', result.name) + text('number', result.number)) : ''),
  )
}

const element = (name: string, markup: string) => `<${name}>${markup}</${name}>`
const text = (name: string, value: string | undefined) =>
  value === undefined ? '' : element(name, escapeXml(value))
