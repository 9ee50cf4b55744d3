// Our service record in the words of the 好差评 interface. Pure. What the gateway does not know is left out: the
// interface's own code fills such gaps with pleasant guesses.

import type { ServiceContent } from '../../src/adapter-kit/contract.ts'
import { CHINA_OFFSET, toLocal } from '../../src/adapter-kit/local-time.ts'
import type { HaochapingSettings } from './settings.ts'

type Params = Record<string, string>

/** `projectNo` and `serviceNumber` together name one service for ever. */
export function paramsOf(service: ServiceContent, settings: HaochapingSettings): Params {
  const taken = service.event === 'case.accepted'
  const { taken: isTaken = '2', ended = '3' } = settings.proStatus ?? {}
  return given({
    ...matterOf(service),
    ...personOf(service),
    projectNo: service.caseId,
    proStatus: taken ? isTaken : ended,
    acceptDate: service.acceptedAt && local(service.acceptedAt),
    resultDate: taken ? undefined : local(service.at),
    serviceName: taken ? '受理' : '办结',
    serviceNumber: String(service.number),
    serviceTime: local(service.at),
    proChannel: settings.channels?.[service.mode],
  })
}

function matterOf({ matter, department, limits, homeDivision }: ServiceContent) {
  const areaCode = `${homeDivision}000000`
  return {
    taskCode: matter.taskCode ?? matter.code,
    taskName: matter.name,
    areaCode,
    orgcode: department?.uscc && `${areaCode}_${department.uscc}`,
    orgName: department?.name,
    deptCode: department?.uscc,
    promiseDay: limits && String(limits.promised.days),
    anticipateDay: limits && String(limits.legal.days),
  }
}

/** 1 个人 2 企业. An organisation's code is told in its own fields as well. */
function personOf({ applicant: { type, name, idType, idNumber, mobile } }: ServiceContent) {
  return {
    userProp: type === 'person' ? '1' : '2',
    userName: name,
    userPageType: idType,
    certKey: idNumber,
    creditType: type === 'person' ? undefined : idType,
    creditNum: type === 'person' ? undefined : idNumber,
    mobile,
  }
}

const local = (iso: string): string => toLocal(iso, CHINA_OFFSET)

function given(params: Record<string, string | undefined>): Params {
  return Object.fromEntries(
    Object.entries(params).filter(
      (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '',
    ),
  )
}
