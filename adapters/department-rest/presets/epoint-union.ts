// Epoint (新点) 异地通办 unionProject: every call a POST of { "params": … }, every answer { "custom": { code, text } } with
// code 1 for good. Entering a project again under the same rowguid changes it, so sending again is safe.

import type { CaseEventType } from '../../../src/adapter-kit/contract.ts'
import { statusTable } from '../../../src/adapter-kit/status-table.ts'
import type { DepartmentSettings } from '../settings.ts'
import type { Preset } from './preset.ts'

const rows = statusTable<CaseEventType>(
  ['8', null, '初始', 'made, not yet entered'],
  ['10', null, '外网未提交', 'not yet submitted by the applicant'],
  ['12', null, '已提交，待预审', 'submitted, waits for the pre-review'],
  [
    '14',
    'case.pre-review-returned',
    '预审退回：修改后可重新提交',
    'returned by the pre-review; may be mended',
  ],
  ['16', null, '预审通过，待接件', 'passed the pre-review; not yet accepted'],
  ['20', null, '初始化', 'set up'],
  ['22', null, '预登记', 'registered beforehand'],
  ['24', null, '待接件', 'waits to be received'],
  ['26', null, '已接件：尚未决定是否受理', 'received; not yet decided whether it is accepted'],
  ['28', 'case.correction-requested', '待补办：申请人须补正材料', 'the applicant must supplement materials'],
  ['30', 'case.accepted', '已受理：办理时限开始', 'accepted; the time limit runs'],
  ['37', 'case.correction-requested', '受理后待补办', 'materials must be supplemented after acceptance'],
  ['40', 'case.denied', '审批不通过', 'denied'],
  ['50', 'case.approved', '审批通过', 'approved'],
  ['90', 'case.closed', '正常办结', 'closed in order'],
  ['97', 'case.rejected', '不予受理', 'not accepted'],
  ['98', 'case.terminated', '撤销申请', 'taken back by the applicant'],
  ['99', 'case.terminated', '异常终止', 'ended out of order'],
)

const BASE = '/rest/unionProject'
const WITHDRAWN = 98
/** 已提交: a supplement is submitted like the case before it. */
const SUBMITTED = 12

const project = {
  rowguid: '=caseId',
  taskguid: '=matter.handleItem ? matter.handleItem : matter.taskCode ? matter.taskCode : matter.code',
  task_id: '=matter.taskCode ? matter.taskCode : matter.code',
  projectname: '=matter.name',
  applyername: '=applicant.name',
  applyertype: "=$code('applyertype', applicant.type)",
  certnum: '=applicant.idNumber',
  certtype: "=$code('certtype', applicant.idType)",
  contactphone: '=applicant.mobile',
  remark: '=externalId',
  operateusername: '=agent.clerk',
}

const materials =
  '=[materials.{ "materialcode": code, "materialname": name, "files": [files.{ "filename": fileName, "url": url, "content": base64 }] }]'

const update = (status: number, reason: string): Record<string, unknown> => ({
  projectguid: '=reference ? reference : caseId',
  is_submit: 1,
  status,
  reason,
  flowsn: '=$key',
})

const settings: Omit<DepartmentSettings, 'baseUrl'> = {
  answer: { code: '$string(custom.code)', message: 'custom.text', reference: 'custom.projectguid' },
  codes: { '1': 'ok', '0': 'refused' },
  tables: {
    applyertype: { organisation: 10, person: 20 },
    certtype: { '111': '22', '001': '16' },
  },
  operations: {
    submitCase: {
      send: { method: 'POST', path: `${BASE}/initUnionProject`, body: { params: { project, materials } } },
      honoursKey: true,
    },
    supplementCase: {
      send: {
        method: 'POST',
        path: `${BASE}/updateProject`,
        body: { params: { ...update(SUBMITTED, '=note'), materials } },
      },
      honoursKey: true,
    },
    withdrawCase: {
      send: {
        method: 'POST',
        path: `${BASE}/updateProject`,
        body: { params: update(WITHDRAWN, '=reason') },
      },
      honoursKey: true,
    },
  },
  incoming: {
    caseId: 'params.rowguid',
    reference: 'params.projectguid',
    status: '$string(params.status)',
    time: 'params.operatetime',
    reason: 'params.reason',
    eventId: 'params.flowsn',
    acknowledge: {
      ok: { custom: { code: 1, text: '成功' } },
      failed: { custom: { code: 0, text: '{detail}' } },
      failedStatus: 200,
    },
  },
  /** No matter has this code: that the question is answered at all proves address and credentials. */
  check: {
    method: 'POST',
    path: `${BASE}/getTaskDetail`,
    body: { params: { taskguid: 'connection-check' } },
    codes: { '0': 'ok' },
  },
}

export const epointUnion: Preset = {
  dialect: { operations: {} },
  settings,
  rows,
}
