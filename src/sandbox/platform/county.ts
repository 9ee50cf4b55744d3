// The county platform's own form of a submission: initials of pinyin, codes for words, times without separators,
// divisions of twelve digits, GB18030 bytes. Written from the county's paper, not from the gateway's mapping.

import iconv from 'iconv-lite'
import type { Answer } from '../caller.ts'
import type { Content } from './gateway-client.ts'

type Fields = Record<string, unknown>

const MODES: Fields = { online: '1', agent: '2', appointment: '3' }
const SOURCES: Fields = { upload: '1', certificate: '2', shared: '3', paper: '4' }
const RETURNS: Fields = { post: '1', hall: '2', electronic: '3' }
const CHARSET = 'gb18030'

/** The canonical submission in the county's words. */
export function countySubmission(submission: Fields, appliedAt: string): Content {
  const { applicant, agent, appointment, delivery } = submission
  const theirs = {
    sqbh: submission.externalId,
    sxbm: submission.theme,
    blfs: MODES[String(submission.mode)],
    sjxzqh: `${submission.division}000000`,
    ssxzqh: `${submission.homeDivision}000000`,
    slsj: compact(appliedAt),
    ...applicantFields(fields(applicant)),
    ...(agent ? agentFields(fields(agent)) : {}),
    qxxx: submission.situations,
    bdxx: submission.form,
    clqd: (submission.materials as Fields[]).map(materialFields),
    ...deliveryFields(fields(delivery)),
    ...(appointment ? { yysd: fields(appointment).slot, yysj: compact(String(fields(appointment).at)) } : {}),
  }
  const headers = { accept: 'application/json' }
  return {
    type: 'application/json; charset=GB18030',
    body: iconv.encode(JSON.stringify(theirs), CHARSET),
    headers,
  }
}

/** Their 办理编号 and cases; undefined when the answer's code is not 0. */
export function countyAcceptance(answer: Answer): { submissionId: unknown; cases: unknown } | undefined {
  try {
    const said = JSON.parse(iconv.decode(answer.body, CHARSET)) as Fields
    const { blbh, bjlb } = fields(said.data)
    return said.code === '0' ? { submissionId: blbh, cases: bjlb } : undefined
  } catch {
    return undefined
  }
}

function applicantFields(applicant: Fields): Fields {
  return {
    sqrlx: applicant.type === 'organisation' ? '2' : '1',
    sqrxm: applicant.name,
    sqrzjlx: applicant.idType,
    sqrzjhm: applicant.idNumber,
    sqrsjh: applicant.mobile,
    lxrxm: applicant.contact,
  }
}

function agentFields(agent: Fields): Fields {
  return { dtbh: agent.hall, ckbh: agent.window, ckry: agent.clerk }
}

function materialFields(material: Fields): Fields {
  const { code, source, materialId, certificateType } = material
  return { clbm: code, clly: SOURCES[String(source)], fjbh: materialId, zzml: certificateType }
}

function deliveryFields(delivery: Fields): Fields {
  const back = fields(delivery.return)
  const collect = fields(delivery.collect)
  const posted = delivery.collect
    ? {
        qjdz: addressFields(fields(collect.address)),
        qjsjq: compact(String(collect.from)),
        qjsjz: compact(String(collect.to)),
      }
    : {}
  return { lqfs: RETURNS[String(back.by)], sjdz: addressFields(fields(back.address)), ...posted }
}

function addressFields(address: Fields): Fields {
  const { name: xm, mobile: dh, province: sf, city: cs, county: qx, division: qxdm, address: xxdz } = address
  return { xm, dh, sf, cs, qx, qxdm, xxdz }
}

/** yyyyMMddHHmmss, Beijing time, from ISO 8601 with +08:00. */
function compact(iso: string): string {
  return iso.slice(0, 19).replaceAll(/\D/g, '')
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
