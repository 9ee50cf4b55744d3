// The settings of an EX_GDBS department with what holds where they are silent. Must hold declarations only.

import type { ExGdbsSettings } from '../settings.ts'

/** Defaults follow the published field list; whatever it leaves open is only a likely name. */
export function complete(given: ExGdbsSettings) {
  return {
    ...given,
    organisationCode: given.organisationCode ?? given.deptCode,
    innerXml: given.innerXml ?? 'cdata',
    set: {
      operation: given.set?.operation ?? 'setDataXmlToFocus',
      parameters: given.set?.parameters ?? {
        deptCode: 'deptCode',
        xml: 'xml',
        tableName: 'tableName',
        identifyKey: 'identifyKey',
      },
    },
    query: given.query && {
      ...given.query,
      operation: given.query.operation ?? 'getDataXml',
      parameters: given.query.parameters ?? { deptCode: 'deptCode', tableName: 'tableName', key: 'key' },
    },
    steps: { submit: 'EX_GDBS_SB', supplement: 'EX_GDBS_BJSL', ...given.steps },
    honoursKey: given.honoursKey ?? false,
    answers: given.answers ?? [],
    applicantTypes: given.applicantTypes ?? { person: '1', organisation: '2' },
    idTypes: given.idTypes ?? {},
    submittedBy: given.submittedBy ?? { online: '1', agent: '0', appointment: '0' },
    resultBy: given.resultBy ?? '8',
    divisionDigits: given.divisionDigits ?? 6,
    fields: given.fields ?? {},
    withdrawal: { reason: 'CXYY', time: 'CXSJ', ...given.withdrawal },
    materialLists: {
      between: given.materialLists?.between ?? ';',
      within: given.materialLists?.within ?? '|',
      sent: given.materialLists?.sent ?? (['code', 'name', 'source', 'copies', 'certificate'] as const),
      asked: given.materialLists?.asked ?? (['code', 'name', 'reason'] as const),
    },
    itemInfo: given.itemInfo ?? {
      code: 'CLBM',
      name: 'CLMC',
      fileName: 'WJMC',
      mediaType: 'WJLX',
      size: 'WJDX',
      sha256: 'WJZY',
      link: 'WJDZ',
    },
    approvals: given.approvals ?? {},
    resultType: given.resultType ?? 'paper',
  }
}

export type ExGdbs = ReturnType<typeof complete>
