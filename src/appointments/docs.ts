// What the routes of the book of slots say of themselves in the OpenAPI document. Documentation only.

import type { RouteDoc } from '../docs/route-doc.ts'
import { unmodified } from '../http/entity-tags.ts'
import { keyHeader } from '../http/idempotency-key.ts'

const tags = ['Appointments 网上预约']
const text = { type: 'string' }
const asked = { type: 'string', minLength: 1, maxLength: 128 }
const moment = { type: 'string', format: 'date-time' }

const slot = {
  type: 'object',
  required: ['slot', 'division', 'from', 'to', 'free'],
  properties: {
    slot: {
      ...text,
      examples: ['410204-01.catering.20261201T0930', 'marriage-booking:410204:20261201T0930:A-17'],
    },
    hall: { ...text, description: '大厅自有号源 · of a hall’s own book' },
    system: { ...text, description: '部门预约系统 · of a department’s own booking system' },
    place: { ...text, description: '办理地点 · where to come to, where its system says' },
    division: text,
    from: moment,
    to: moment,
    capacity: {
      type: 'integer',
      description: '总号数，部门系统可能不提供 · left out where its system does not say',
    },
    free: { type: 'integer', description: '余号 · seats that are free now' },
  },
}

const missing = {
  type: 'array',
  description:
    '暂时无法答复的预约系统，其号源未列出 · booking systems that gave no answer: their slots are not in the list',
  items: {
    type: 'object',
    required: ['system', 'detail', 'detailZh'],
    properties: { system: text, detail: text, detailZh: text },
  },
}

const appointment = {
  type: 'object',
  required: ['appointmentId', 'slot', 'matter', 'state'],
  properties: {
    appointmentId: {
      ...text,
      description: '提交申办时填入 appointment.slot · goes into appointment.slot of a submission',
    },
    slot: text,
    matter: text,
    state: {
      enum: ['held', 'confirmed', 'released'],
      description:
        '保留中 / 已确认 / 已释放 · held until heldUntil, confirmed by its submission, or free again',
    },
    heldUntil: moment,
    hall: text,
    system: text,
    place: text,
    division: text,
    from: moment,
    to: moment,
    externalId: { ...text, description: '确认该预约的申办 · the submission that confirmed it' },
  },
}

export const slotsDoc: RouteDoc = {
  tags,
  summary: '可预约时段与余号 · Slots that may be booked, and how many seats are free',
  description:
    '大厅自有号源与部门预约系统的号源一并列出；全部来源均无法答复时为 503 · Those of halls and those of departments’ own systems, asked now; 503 only when no source answers.',
  query: {
    type: 'object',
    required: ['matter'],
    properties: {
      matter: text,
      home: { ...text, description: '属地区划代码 · home division' },
      hall: { ...text, description: '大厅编号 · one hall' },
      from: { type: 'string', format: 'date', description: '默认今日 · default today' },
      to: {
        type: 'string',
        format: 'date',
        description: '默认六日后 · default six days later; at most 31 days',
      },
    },
  },
  responses: {
    200: {
      description: '时段 · Slots',
      schema: {
        type: 'object',
        required: ['items'],
        properties: { items: { type: 'array', items: slot }, missing },
      },
    },
    ...unmodified,
  },
}

export const holdDoc: RouteDoc = {
  tags,
  headers: keyHeader,
  summary: '保留一个号源 · Hold a slot for a few minutes',
  body: {
    schema: { type: 'object', required: ['slot', 'matter'], properties: { slot: asked, matter: asked } },
  },
  responses: {
    201: { description: '已保留 · Held', schema: appointment },
    200: { description: '此前已保留 · Held before', schema: appointment },
  },
}

export const appointmentDoc: RouteDoc = {
  tags,
  summary: '一个预约 · One appointment',
  responses: { 200: { description: '预约 · The appointment', schema: appointment }, ...unmodified },
}

export const moveDoc: RouteDoc = {
  tags,
  summary: '改期：换到另一时段，原时段同时释放 · Move it to another slot',
  description:
    '已确认的预约改期后，其办件随之变更；申请人已到场或办件已结束的，不能改期（409） · The cases that keep it learn of it. Once the applicant has come, or the case is over, it cannot be moved (409).',
  body: { schema: { type: 'object', required: ['slot'], properties: { slot: asked } } },
  responses: { 200: { description: '改期后的预约 · The appointment as it is now', schema: appointment } },
}

export const cancelDoc: RouteDoc = {
  tags,
  summary: '取消预约 · Cancel it',
  description: '已确认的预约取消后，其办件随之变更 · The cases that keep it learn of it.',
  responses: { 200: { description: '已释放 · Released', schema: appointment } },
}
