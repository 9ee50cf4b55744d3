// A department whose approval system speaks SOAP and the EX_GDBS step exchange. The counter, the desk and the books are
// those of every department; only the language differs.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Actor, CityContext } from '../../actor.ts'
import { createCaller } from '../../caller.ts'
import type { HouseAnswer } from '../answers.ts'
import { type Counter, openCounter } from '../counter.ts'
import { type Shares, usualShares } from '../course.ts'
import { openDesk } from '../desk.ts'
import { booksOf, count, openRegister, type Register } from '../project.ts'
import { soapTell } from './report.ts'
import { readStep, readSubmission, readSupplement, readWithdrawal, type Step } from './steps.ts'
import {
  type Charset,
  envelope,
  faultMarkup,
  infoMarkup,
  operationMarkup,
  readCall,
  type SoapRequest,
  type SoapVersion,
  type Wire,
} from './wire.ts'
import { operations, wsdlOf } from './wsdl.ts'

interface SoapDepartmentOptions {
  /** The system's id: mounted under it. */
  id: string
  /** identifyKey of both directions. */
  secret: string
  /** Decides the course of every case. */
  seed: string
  shares?: Partial<Shares>
  /** Default the id. */
  deptCode?: string
  /** Default 1.1. */
  version?: SoapVersion
  /** Default utf-8. */
  charset?: Charset
  /** Default SOAP_NAMESPACE. */
  namespace?: string
}

export const SOAP_NAMESPACE = 'http://focus.gdbs.example.gov.cn'
/** Under the department's own mount point. */
export const SOAP_PATH = '/services/FocusService'

export function createSoapDepartment(context: CityContext, options: SoapDepartmentOptions): Actor {
  const { id, secret, seed, deptCode = id } = options
  const wire: Wire = {
    version: options.version ?? '1.1',
    charset: options.charset ?? 'utf-8',
    namespace: options.namespace ?? SOAP_NAMESPACE,
  }
  const register = openRegister()
  const stopping = new AbortController()
  const caller = createCaller({ connections: 8 })
  const tell = soapTell(context, { id, deptCode, identifyKey: secret, wire })
  const desk = openDesk(context, register, stopping.signal, tell)
  const shares = { ...usualShares, ...options.shares }
  const counter = openCounter({
    register,
    desk,
    caller,
    context,
    id,
    seed,
    shares,
    stopping: stopping.signal,
  })
  return {
    name: id,
    routes(app) {
      readBytes(app)
      app.post(SOAP_PATH, (request, reply) => {
        count(register, 'requests')
        return answer(request, reply, wire, (call) => serve(call, { counter, register, deptCode, secret }))
      })
      app.get(SOAP_PATH, (request, reply) =>
        reply.type('text/xml; charset=utf-8').send(wsdlOf(wire, `http://${request.host}/${id}${SOAP_PATH}`)),
      )
    },
    books: () => booksOf(register),
    async stop() {
      stopping.abort()
      caller.close()
    },
  }
}

/** The charset is in the message, so bodies are kept as they came. */
function readBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
}

function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  wire: Wire,
  handle: (call: SoapRequest) => string | undefined,
): FastifyReply {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const call = readCall(body, request.headers['content-type'] ?? '', wire)
  const said = call && handle(call)
  if (!call || said === undefined) {
    const fault = envelope(wire, faultMarkup(wire, '报文无法识别'))
    return reply
      .code(wire.version === '1.1' ? 500 : 400)
      .type(fault.type)
      .send(fault.body)
  }
  const good = envelope(wire, operationMarkup(wire, `${call.operation}Response`, { return: said }))
  return reply.type(good.type).send(good.body)
}

interface Office {
  counter: Counter
  register: Register
  deptCode: string
  secret: string
}

/** Undefined for a call that the WSDL does not know. */
function serve(call: SoapRequest, office: Office): string | undefined {
  const names = Object.hasOwn(operations, call.operation)
    ? operations[call.operation as keyof typeof operations]
    : undefined
  const given = Object.keys(call.arguments)
  if (!names || given.length !== names.length || names.some((name, i) => given[i] !== name)) return undefined
  const { deptCode, identifyKey, xml = '', tableName = '', key = '' } = call.arguments
  if (deptCode !== office.deptCode || identifyKey !== office.secret) {
    count(office.register, 'unauthorised')
    return '编码：1,原因：标识密钥错误'
  }
  if (call.operation === 'getDataXml') return recordsOf(tableName, key, office)
  const step = readStep(xml)
  if (!step || step.process !== tableName) return sentence(office.counter.refuse(undefined, '步骤报文有误'))
  return sentence(take(step, office))
}

function take(step: Step, { counter, register }: Office): HouseAnswer {
  const read = readerOf(step)
  if (!read) return counter.refuse({ outerNo: step.fields.SBLSH }, `参数错误：${step.process.slice(0, 40)}`)
  const result = read(step)
  if (!result.ok) return counter.refuse({ outerNo: step.fields.SBLSH }, `参数错误：${result.field}`)
  const { message } = result
  const projectNo = register.byOuterNo.get(message.outerNo)?.projectNo ?? ''
  if ('itemCode' in message) return counter.receive(message)
  return 'round' in message
    ? counter.supplement({ ...message, projectNo })
    : counter.withdraw({ ...message, projectNo })
}

function readerOf({ process }: Step) {
  if (process === 'EX_GDBS_SB') return readSubmission
  if (process === 'EX_GDBS_BJSL') return readSupplement
  return process === 'EX_GDBS_CX' ? readWithdrawal : undefined
}

/** The house answer as the agreed sentence. */
function sentence({ code, message, data }: HouseAnswer): string {
  const number = data?.projectNo === undefined ? '' : `，办件编号${data.projectNo}`
  if (code === '0') return `编码：0,原因：成功${number}`
  if (code === '1006') return `编码：1,原因：重复申报${number}`
  return message.startsWith('参数错误：ItemInfo') ? `编码：2,原因：${message}` : `编码：4,原因：${message}`
}

/** What it has under a case number, table by table. */
function recordsOf(tableName: string, key: string, { counter, register }: Office): string {
  counter.find(key)
  const project = register.byOuterNo.get(key)
  if (!project) return infoMarkup(tableName, [])
  const common = { SBLSH: key, SLHZH: project.projectNo }
  if (tableName === 'EX_GDBS_SB') return infoMarkup(tableName, [common])
  if (tableName === 'EX_GDBS_CX') return infoMarkup(tableName, project.status === '98' ? [common] : [])
  if (tableName !== 'EX_GDBS_BJSL') return infoMarkup(tableName, [])
  const rounds = [...project.supplements.keys()]
  return infoMarkup(
    tableName,
    rounds.map((round) => ({ ...common, XH: String(round) })),
  )
}
