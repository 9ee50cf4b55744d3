// GET /v1/slots and /v1/appointments: what may be booked, and the bookings of a platform.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Catalogues } from '../catalogue/in-force.ts'
import { dayOf } from '../domain/calendar.ts'
import { tagged } from '../http/entity-tags.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { idempotencyKey } from '../http/idempotency-key.ts'
import { jsonOf } from '../http/json-body.ts'
import { stored } from '../http/ledger-away.ts'
import { unknownMembers } from '../http/members.ts'
import { rawBodies } from '../http/messages.ts'
import { problem } from '../http/problems.ts'
import { refuseUnknown } from '../http/query-parameters.ts'
import { isStorable } from '../http/storable.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { clientOf } from '../security/access.ts'
import { mayActFor } from '../security/clients.ts'
import type { Client, Settings } from '../settings/settings.ts'
import type { OfferedSlot } from './book.ts'
import type { Asker, Booked, Bookings, Offered, Wish } from './bookings.ts'
import { appointmentDoc, cancelDoc, holdDoc, moveDoc, slotsDoc } from './docs.ts'
import { awayWords } from './faults.ts'
import { type Query, readSlotQuery } from './query.ts'

interface AppointmentRouteDeps {
  ledger: Pick<Ledger, 'now'>
  bookings: Bookings
  settings: Pick<Settings, 'limits'>
  catalogues: Pick<Catalogues, 'inForce'>
}

type ById = { Params: { id: string } }

export async function appointmentRoutes(app: FastifyInstance, deps: AppointmentRouteDeps): Promise<void> {
  const { ledger, bookings, settings, catalogues } = deps
  app.get<{ Querystring: Query }>(
    '/v1/slots',
    { config: { access: { scope: 'catalogue:read' }, doc: slotsDoc } },
    async (request, reply) => {
      const asked = readSlotQuery(request.query, dayOf(ledger.now().toISOString()), catalogues.inForce())
      return tagged(request, reply, offeredView(await stored(bookings.offered(asked))))
    },
  )
  await app.register(async (scope) => {
    await rawBodies(scope, settings.limits.maxBodyBytes)
    const access = { scope: 'appointments:write' } as const

    scope.post('/v1/appointments', { config: { access, doc: holdDoc } }, async (request, reply) => {
      const { repeated, ...booked } = await stored(bookings.hold(wishOf(request)))
      if (repeated) reply.header('idempotent-replayed', 'true')
      const path = `/v1/appointments/${booked.booking.id}`
      return reply
        .code(repeated ? 200 : 201)
        .header('location', path)
        .send(appointmentView(booked))
    })

    scope.get<ById>(
      '/v1/appointments/:id',
      { config: { access, doc: appointmentDoc } },
      async (request, reply) => {
        refuseUnknown(request.query, [])
        return tagged(request, reply, appointmentView(await stored(bookings.read(...named(request)))))
      },
    )

    scope.patch<ById>('/v1/appointments/:id', { config: { access, doc: moveDoc } }, async (request) => {
      const { slot } = textsOf(jsonOf(request), ['slot'])
      return appointmentView(await stored(bookings.move(...named(request), slot)))
    })

    scope.delete<ById>('/v1/appointments/:id', { config: { access, doc: cancelDoc } }, async (request) =>
      appointmentView(await stored(bookings.cancel(...named(request)))),
    )
  })
}

function wishOf(request: FastifyRequest): Wish {
  const client = clientOf(request)
  return {
    ...textsOf(jsonOf(request), ['slot', 'matter']),
    client: client.id,
    platform: platformOf(client),
    key: idempotencyKey(request),
    mayActFor: (division) => mayActFor(client, division),
  }
}

function named(request: FastifyRequest<ById>): [id: string, asker: Asker] {
  const { id } = request.params
  if (!isStorable(id)) throw problem('not-found')
  const client = clientOf(request)
  return [id, { platform: platformOf(client), mayActFor: (division) => mayActFor(client, division) }]
}

function platformOf({ platform }: Client): string {
  if (platform === undefined)
    throw problem('forbidden', {
      detail: 'this client makes no submissions: give it a platform in config/gateway.yaml',
      detailZh: '该客户端不属于任何平台，无法预约：请在 config/gateway.yaml 中设置 platform',
    })
  return platform
}

const offeredView = ({ slots, missing }: Offered) => ({
  items: slots.map(slotView),
  ...(missing.length === 0
    ? {}
    : { missing: missing.map((one) => ({ system: one.system, ...awayWords(one) })) }),
})

const slotView = ({ id, ...facts }: OfferedSlot) => ({ slot: id, ...facts })

function appointmentView({ booking, slot }: Booked) {
  const { id, state, matter, heldUntil, externalId } = booking
  const { id: _, capacity: _seats, ...where } = slot ?? {}
  return {
    appointmentId: id,
    slot: booking.slot,
    matter,
    state,
    ...(state === 'held' ? { heldUntil } : {}),
    ...where,
    ...(externalId === null ? {} : { externalId }),
  }
}

const LONGEST = 128

/** Members of the body, all of them text. @throws problem `invalid-request` with every fault of the body */
function textsOf<Name extends string>(body: unknown, names: readonly Name[]): Record<Name, string> {
  const given = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const errors: FieldError[] = []
  for (const name of names) if (!isShortText(given[name])) errors.push(notText(name))
  errors.push(...unknownMembers(given, names))
  if (errors.length > 0) throw problem('invalid-request', { errors })
  return given as Record<Name, string>
}

const isShortText = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST && isStorable(value)

const notText = (name: string): FieldError =>
  fieldError(
    `/${name}`,
    'required',
    `must be text of 1 to ${LONGEST} characters`,
    `须为 1 至 ${LONGEST} 个字符的文本`,
  )
