// A department whose old system offers a simple SOAP service of its own: SOAP 1.1, elements without
// namespace, an empty SOAPAction, answers under other names than its operations, with `xsi:type` as many
// stacks write it. The counter, the desk and the books are those of every department; only the language
// differs.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Actor, CityContext } from '../../actor.ts'
import { createCaller } from '../../caller.ts'
import type { HouseAnswer } from '../answers.ts'
import { type Counter, openCounter } from '../counter.ts'
import { type Shares, usualShares } from '../course.ts'
import { openDesk } from '../desk.ts'
import { booksOf, count, openRegister, type Register } from '../project.ts'
import { readReceive, readSupplement, readWithdraw } from '../receive.ts'
import { envelope, escapeXml, faultMarkup, isFields, parseXml, type Wire } from '../soap/wire.ts'
import { type Credentials, isTheirs } from './credentials.ts'
import { plainTell } from './report.ts'
import { caseIn, type Fields, supplementIn, textOf, withdrawalIn } from './words.ts'

interface PlainSoapOptions {
  /** The system's id: mounted under it. */
  id: string
  /** UsernameToken with a digest, in both directions. */
  credentials: Credentials
  /** Decides the course of every case. */
  seed: string
  shares?: Partial<Shares>
}

export const PLAIN_NAMESPACE = 'http://old.example.gov.cn/ws'
/** Under the department's own mount point. */
export const PLAIN_PATH = '/ProjectService.asmx'

const wire: Wire = { version: '1.1', charset: 'utf-8', namespace: PLAIN_NAMESPACE }
const XSI =
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'

export function createPlainSoapDepartment(context: CityContext, options: PlainSoapOptions): Actor {
  const { id, credentials, seed } = options
  const register = openRegister()
  const stopping = new AbortController()
  const caller = createCaller({ connections: 8 })
  const desk = openDesk(context, register, stopping.signal, plainTell(context, { id, credentials, wire }))
  const counter = openCounter({
    register,
    desk,
    caller,
    context,
    id,
    seed,
    shares: { ...usualShares, ...options.shares },
    stopping: stopping.signal,
  })
  return {
    name: id,
    routes(app) {
      readBytes(app)
      app.post(PLAIN_PATH, (request, reply) => {
        count(register, 'requests')
        return serve(request, reply, { counter, register, credentials })
      })
    },
    books: () => booksOf(register),
    async stop() {
      stopping.abort()
      caller.close()
    },
  }
}

interface Office {
  counter: Counter
  register: Register
  credentials: Credentials
}

/** The charset is in the message, so bodies are kept as they came. */
function readBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
}

function serve(request: FastifyRequest, reply: FastifyReply, office: Office): FastifyReply {
  const root = parseXml(String(request.body))?.Envelope
  const [called, ...others] = isFields(root) && isFields(root.Body) ? elementsOf(root.Body) : []
  const known = called && Object.hasOwn(operations, called[0]) ? operations[called[0]] : undefined
  if (!isFields(root) || !called || !known || others.length > 0 || request.headers.soapaction !== '""')
    return fault(reply, '报文无法识别')
  if (!isTheirs(root.Header, office.credentials)) {
    count(office.register, 'unauthorised')
    return fault(reply, '用户名或口令错误', 'wsse:FailedAuthentication')
  }
  const said = envelope(wire, resultOf(called[0], known(isFields(called[1]) ? called[1] : {}, office)))
  return reply.type(said.type).send(said.body)
}

const elementsOf = (fields: Fields) => Object.entries(fields).filter(([name]) => !name.startsWith('@'))

function fault(reply: FastifyReply, reason: string, code?: string): FastifyReply {
  const markup = faultMarkup(wire, reason)
  const { type, body } = envelope(wire, code ? markup.replace('soapenv:Client', code) : markup)
  return reply.code(500).type(type).send(body)
}

type Operation = (given: Fields, office: Office) => HouseAnswer

const operations: Readonly<Record<string, Operation>> = {
  acceptProject(given, { counter }) {
    const read = readReceive(caseIn(given))
    return read.ok ? counter.receive(read.message) : counter.refuse(given, `参数错误：${read.field}`)
  },
  addMaterials(given, { counter }) {
    const read = readSupplement(supplementIn(given))
    return read.ok ? counter.supplement(read.message) : counter.refuse(given, `参数错误：${read.field}`)
  },
  cancelProject(given, { counter }) {
    const read = readWithdraw(withdrawalIn(given))
    return read.ok ? counter.withdraw(read.message) : counter.refuse(given, `参数错误：${read.field}`)
  },
  queryProject: (given, { counter }) => counter.find(textOf(given.serialNo)),
  queryMaterials: (given, { counter }) =>
    counter.findSupplement(textOf(given.serialNo), Number(textOf(given.round))),
}

const codes: Readonly<Record<HouseAnswer['code'], number>> = {
  '0': 200,
  '1006': 409,
  '1404': 404,
  '2001': 400,
  '2004': 410,
  '4001': 401,
}

function resultOf(operation: string, { code, message, data = {} }: HouseAnswer): string {
  const number = data.projectNo === undefined ? '' : typed('projectNo', 'string', String(data.projectNo))
  const status = data.status === undefined ? '' : typed('status', 'string', String(data.status))
  const parts = typed('code', 'int', String(codes[code])) + typed('message', 'string', message)
  const name = `${operation}Result`
  return `<f:${name} xmlns:f="${PLAIN_NAMESPACE}" ${XSI}>${parts}${number}${status}</f:${name}>`
}

const typed = (name: string, type: string, text: string) =>
  `<${name} xsi:type="xsd:${type}">${escapeXml(text)}</${name}>`
