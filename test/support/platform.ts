// A platform's engineer at the gateway's door: plain HTTP with a token, an Idempotency-Key and bodies of any shape,
// and submissions of the repository's catalogue that are right until a test breaks them.

import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { makeFile } from '../../src/sandbox/files/index.ts'
import { sandboxSecrets } from '../../src/sandbox/secrets.ts'

export const RESIDENT = '11010519491231002X'
export const COMPANY = '91410204MA9XYTK30F'

export interface Answer {
  status: number
  headers: Headers
  body: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: what the gateway says is judged by the test
  json(): any
}

interface Ask {
  /** JSON unless it is bytes or text already. */
  body?: unknown
  /** Default: a fresh one; null: none. */
  key?: string | null
  /** Default: the city platform's; null: none. */
  token?: string | null
  type?: string
  headers?: Record<string, string>
}

export interface Platform {
  post(path: string, ask?: Ask): Promise<Answer>
  get(path: string, ask?: Ask): Promise<Answer>
  call(method: string, path: string, ask?: Ask): Promise<Answer>
  submit(submission: unknown, ask?: Ask): Promise<Answer>
  /** The id of an uploaded scan of this type. */
  upload(mediaType?: 'application/pdf' | 'image/jpeg' | 'image/png', ask?: Ask): Promise<string>
}

export const tokens = {
  kaifeng: sandboxSecrets.kaifengToken,
  county: sandboxSecrets.countyToken,
  health: sandboxSecrets.healthToken,
}

export function platformAt(url: string, token: string = tokens.kaifeng): Platform {
  const call: Platform['call'] = async (method, path, ask = {}) => {
    const headers = { ...headersOf(method, ask, token), ...ask.headers }
    const body = ask.body === undefined ? null : bytesOf(ask.body)
    const answer = await fetch(url + path, { method, headers, body, redirect: 'manual' })
    const bytes = Buffer.from(await answer.arrayBuffer())
    return {
      status: answer.status,
      headers: answer.headers,
      body: bytes,
      json: () => JSON.parse(bytes.toString('utf8')),
    }
  }
  const post: Platform['post'] = (path, ask) => call('POST', path, ask)
  return {
    call,
    post,
    get: (path, ask) => call('GET', path, ask),
    submit: (body, ask) => post('/v1/submissions', { ...ask, body }),
    async upload(mediaType = 'application/pdf', ask = {}) {
      const { bytes } = scan(mediaType)
      const answer = await post('/v1/materials', { ...ask, body: bytes, type: mediaType })
      if (answer.status !== 201) throw new Error(`upload: ${answer.status} ${answer.body}`)
      return answer.json().materialId
    },
  }
}

export const scan = (mediaType: 'application/pdf' | 'image/jpeg' | 'image/png', bytes = 3_000) =>
  makeFile({ mediaType, title: '扫描件', holder: '张三', bytes, seed: randomUUID() })

function headersOf(method: string, { key, token, type, body }: Ask, own: string): Record<string, string> {
  const bearer = token === undefined ? own : token
  const idempotent = key === undefined ? randomUUID() : key
  return {
    ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
    ...(method === 'GET' || idempotent === null ? {} : { 'idempotency-key': idempotent }),
    ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
  }
}

function bytesOf(body: unknown): Uint8Array<ArrayBuffer> | string {
  if (typeof body === 'string') return body
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body)
}

/** Bytes as they are to a port; what came back until the other side ended, or until `ms` passed. */
export function rawExchange(port: number, bytes: string | Buffer, ms = 3_000): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let heard = ''
    const timer = setTimeout(() => socket.destroy(), ms)
    socket.setEncoding('utf8').on('data', (text) => {
      heard += text
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(heard)
    })
  })
}

let made = 0
export const number = () => `T${process.pid}${Date.now().toString(36).toUpperCase()}${++made}`

const address = {
  name: '张三',
  mobile: '13800138000',
  province: '河南省',
  city: '开封市',
  county: '鼓楼区',
  division: '410204',
  address: '鼓楼街 18 号',
}
const certificate = (code: string) => ({ code, source: 'certificate' })

/** A child is born: certificates only, no file. Right as it is. */
export function newborn(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    externalId: number(),
    theme: 'newborn',
    mode: 'online',
    division: '410204',
    homeDivision: '410204',
    applicant: { type: 'person', name: '张三', idType: '111', idNumber: RESIDENT, mobile: '13800138000' },
    situations: { married: true, wantsSocialCard: false },
    form: { childName: '张一诺', childSex: '女', bornOn: '2026-11-01' },
    materials: ['id-card', 'household-register', 'marriage-certificate'].map(certificate),
    delivery: { return: { by: 'post', address } },
    ...changes,
  }
}

/** Retirement: two uploads. */
export function retirement(
  [form, file]: readonly [string, string],
  changes: Record<string, unknown> = {},
): Record<string, unknown> {
  return newborn({
    theme: 'retirement',
    situations: { retirementKind: 'normal', wantsElderlyCard: false },
    form: { employer: '开封空分集团', workedSince: '1988-07-01' },
    materials: [
      { code: 'retirement-form', source: 'upload', materialId: form },
      { code: 'personnel-file', source: 'upload', materialId: file },
    ],
    delivery: { return: { by: 'hall' } },
    ...changes,
  })
}
