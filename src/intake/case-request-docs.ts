// How the requests about a case under way appear in the API docs.

import type { DocSchema } from '../docs/route-doc.ts'
import { keyHeader } from '../http/idempotency-key.ts'

const tags = ['Cases 办件']
/** What is recorded, and answered the same when it is sent again. */
export const recorded = (schema: DocSchema) => ({
  202: { description: 'Recorded', schema },
  200: { description: 'Recorded before: the first answer again · 重复请求返回首次答复', schema },
})
const responses = recorded({
  type: 'object',
  required: ['caseId', 'state'],
  properties: { caseId: { type: 'string' }, state: { type: 'string' } },
})

export const caseRequestDocs = {
  supplement: {
    tags,
    headers: keyHeader,
    summary: 'Answer a correction request 补正材料',
    description:
      "A department's notice is answered whole: every material it asks for, each once (`material-missing`, `material-repeated`). Others may come along if they are the case's own (`unknown-material`). What the gateway itself asks for before the hand-over, such as a document in place of a certificate, may come one by one. · 须一次性补齐部门要求的全部材料，每份一次；可一并提交本办件的其他材料。网关在转部门前要求的材料可分次提交。",
    responses,
    body: {
      schema: {
        type: 'object',
        required: ['materials'],
        properties: {
          note: { type: 'string', minLength: 1, maxLength: 2000 },
          materials: {
            type: 'array',
            minItems: 1,
            maxItems: 200,
            items: {
              type: 'object',
              required: ['code'],
              properties: {
                code: { type: 'string', pattern: '^[\\w.-]{1,64}$' },
                source: { const: 'upload' },
                materialId: { type: 'string' },
                materialIds: { type: 'array', items: { type: 'string' } },
              },
            },
          },
        },
      },
    },
  },
  withdrawal: {
    tags,
    headers: keyHeader,
    summary: 'Withdraw a case 撤回办件',
    responses,
    body: {
      schema: {
        type: 'object',
        required: ['reason'],
        properties: { reason: { type: 'string', minLength: 1, maxLength: 500 } },
      },
    },
  },
  appointment: {
    tags,
    headers: keyHeader,
    summary: 'The applicant came, did not, or has another slot 预约到场、未到、改期、取消',
    description:
      'Applicants are reminded of their slot on the day before (`appointment.reminded`). Of a case that waits for them, report within a working day after the slot’s day: then `appointment.unreported` is told, and the limit of a missed appointment runs until it is reported whether they came. · 预约前一日提醒（`appointment.reminded`）；须到场办理的，预约日后一个工作日内未登记是否到场，即发 `appointment.unreported`，并按爽约时限计时，补登后停止。',
    responses,
    body: {
      schema: {
        type: 'object',
        required: ['outcome'],
        properties: {
          outcome: { enum: ['attended', 'missed', 'rebooked', 'cancelled'] },
          at: { type: 'string', format: 'date-time' },
          slot: {
            type: 'string',
            minLength: 1,
            maxLength: 128,
            description: 'rebooked: the new one · 改期后的时段',
          },
          startsAt: {
            type: 'string',
            format: 'date-time',
            description:
              'rebooked: when it begins, where the slot is of another’s book; without it nobody is reminded · 非本网关号源的时段须填开始时间，否则不提醒',
          },
          reason: { type: 'string', minLength: 1, maxLength: 500 },
        },
      },
    },
  },
  mode: {
    tags,
    headers: keyHeader,
    summary: 'Go on in another mode 变更办理方式',
    description:
      'While the case is not settled and its matter offers the mode. What waits for an appointment starts when the applicant has come; a case that its department already has stays there, and the department is told by `case.mode-changed`. · 办结前可变更为事项支持的方式；已转部门的办件不受影响，并通知部门。',
    responses,
    body: {
      schema: {
        type: 'object',
        required: ['mode', 'reason'],
        properties: {
          mode: { enum: ['online', 'agent', 'appointment'] },
          reason: { type: 'string', minLength: 1, maxLength: 500 },
          appointment: {
            type: 'object',
            required: ['slot'],
            properties: {
              slot: { type: 'string', minLength: 1, maxLength: 128 },
              at: { type: 'string', format: 'date-time', description: 'when it begins · 时段开始时间' },
            },
          },
          agent: {
            type: 'object',
            required: ['hall', 'window', 'clerk'],
            properties: {
              hall: { type: 'string', minLength: 1, maxLength: 32 },
              window: { type: 'string', minLength: 1, maxLength: 16 },
              clerk: { type: 'string', minLength: 1, maxLength: 100 },
            },
          },
        },
      },
    },
  },
  withdrawAll: {
    tags: ['Submissions 申办'],
    headers: keyHeader,
    summary: 'Withdraw a whole submission 撤回整个申办',
    description:
      'Every case that can still be withdrawn is; the answer tells what became of each. · 可撤回的办件全部撤回，并逐件说明结果。',
    responses: recorded({
      type: 'object',
      required: ['submissionId', 'state', 'cases'],
      properties: {
        submissionId: { type: 'string' },
        state: { type: 'string' },
        cases: {
          type: 'array',
          items: {
            type: 'object',
            required: ['caseId', 'matter', 'state', 'outcome'],
            properties: {
              caseId: { type: 'string' },
              matter: { type: 'string' },
              state: { type: 'string' },
              outcome: { enum: ['withdrawn', 'kept'] },
              detail: { type: 'string' },
              detailZh: { type: 'string' },
            },
          },
        },
      },
    }),
    body: {
      schema: {
        type: 'object',
        required: ['reason'],
        properties: { reason: { type: 'string', minLength: 1, maxLength: 500 } },
      },
    },
  },
}
