// The desk's reports as steps, told to the gateway through the same operation that the department offers itself.

import type { CityContext } from '../../actor.ts'
import { fraction } from '../../random.ts'
import type { Report, Tell } from '../desk.ts'
import { envelope, infoMarkup, isFields, operationMarkup, parseXml, type Wire } from './wire.ts'

interface Reporter {
  id: string
  deptCode: string
  identifyKey: string
  wire: Wire
}

/** The road hands answers over as UTF-8 text, in which those in GBK keep only their ASCII: 编码：0,原因：… */
const TAKEN = /^\D*0,/

type StepFields = [step: string, fields: Record<string, string>]

export function soapTell(context: CityContext, reporter: Reporter): Tell {
  const { id, wire, deptCode, identifyKey } = reporter
  const path = `/v1/systems/${id}/events`
  const results = new Map<string, Report['result']>()
  return async (report) => {
    if (report.result) results.set(report.outerNo, report.result)
    const [step, fields] = stepOf(report, results.get(report.outerNo))
    const tableName = `EX_GDBS_${step}`
    const xml = infoMarkup(tableName, [{ SBLSH: report.outerNo, ...fields }])
    const call = operationMarkup(wire, 'setDataXmlToFocus', { deptCode, xml, tableName, identifyKey })
    const { type, body } = envelope(wire, call)
    const headers = { 'content-type': type, soapaction: '"urn:setDataXmlToFocus"' }
    const answer = await context.push(id, { method: 'POST', path, headers, body })
    return answer.status === 200 && TAKEN.test(saidIn(answer.body))
  }
}

function saidIn(text: string): string {
  const said = [parseXml(text)?.Envelope]
  for (const name of ['Body', 'setDataXmlToFocusResponse', 'return']) {
    const [outer] = said
    said[0] = isFields(outer) ? outer[name] : undefined
  }
  return typeof said[0] === 'string' ? said[0] : ''
}

/** Some certificates are registered as collected before the case is closed, the others close it at once. */
const collectedFirst = (report: Report) => fraction(report.outerNo, 'collected') < 0.5

function stepOf(report: Report, result: Report['result']): StepFields {
  const { status, time, reason = '' } = report
  const official = '赵志远'
  switch (status) {
    case '30':
      return ['SL', { SLZTDM: '1', SLHZH: report.projectNo, SLSJ: time, BLRXM: official }]
    case '97':
      return ['SL', { SLZTDM: '2', BSLYY: reason, SLSJ: time, BLRXM: official }]
    case '28':
      return ['BJGZ', correction(report)]
    case '36':
      return ['TBCXSQ', special(report)]
    case '38':
      return ['TBCXJG', { TBCXJG: '核查完成', JGCSRQ: time, TBCXJSRQ: time }]
    case '50':
      return ['SPCL', { SPHJDM: '3', SPHJMC: '批准', SPRXM: official, SPYJ: '同意', SPSJ: time }]
    case '40':
      return ['BJ', { BJJGDM: '1', BJJGMS: '退回办结', ZFHTHYY: reason, BJSJ: time }]
    case '60':
      return collectedFirst(report) ? ['LQDJ', { LQFS: '8', LQSJ: time }] : ['BJ', issued(time, result)]
    case '90':
      return result && collectedFirst(report)
        ? ['BJ', issued(time, result)]
        : ['BJ', { BJJGDM: '6', BJJGMS: '办结', BJSJ: time }]
    default:
      return ['SPCL', { SPHJDM: '2', SPHJMC: '审核', SPRXM: official, SPSJ: time }]
  }
}

const numberOf = ({ eventId }: Report) => eventId.slice(eventId.lastIndexOf('-') + 1)

function correction(report: Report): Record<string, string> {
  const asked = (report.materials ?? []).map(
    ({ code, reason }) => `${code}||${reason.replaceAll(/[;|]/g, ' ')}`,
  )
  return {
    XH: numberOf(report),
    BJGZYY: report.reason ?? '',
    BJCLQD: asked.join(';'),
    BJGZSJ: report.time,
    BZSX: String(report.limitDays ?? ''),
  }
}

function special(report: Report): Record<string, string> {
  return {
    XH: numberOf(report),
    TBCXZL: '1',
    TBCXZLMC: '现场核查',
    TBCXKSRQ: report.time,
    TBCXQDLY: report.reason ?? '',
    TBCXSX: String(report.limitDays ?? ''),
    TBCXSXDW: 'G',
  }
}

function issued(time: string, result: Report['result']): Record<string, string> {
  const { name = '', number = '' } = result ?? {}
  return { BJJGDM: '0', BJJGMS: '出证办结', ZJGZMC: name, ZJBH: number, BJSJ: time }
}
