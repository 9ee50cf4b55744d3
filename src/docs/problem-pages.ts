// GET /problems/{code}: what the `type` of a problem document leads to (RFC 9457), and GET /problems: all of
// them, with every fault that their `errors` may name. Pages for whoever follows the link, JSON for a
// program. From the tables of refusals and faults.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { faultCodes } from '../http/fault-codes.ts'
import { type ProblemCode, problemCodes } from '../http/problem-codes.ts'
import { problem } from '../http/problems.ts'
import { refuseUnknown } from '../http/query-parameters.ts'
import { contentSecurityPolicy, pageHeaders } from '../security/page-headers.ts'

const CACHED_SECONDS = 3_600

export async function problemRoutes(app: FastifyInstance): Promise<void> {
  const headers = { 'cache-control': `public, max-age=${CACHED_SECONDS}`, vary: 'accept' }
  const pages = { ...pageHeaders(contentSecurityPolicy({ 'img-src': 'data:' })), ...headers }
  app.get('/problems', { config: { access: 'public', doc: listDoc } }, (request, reply) => {
    refuseUnknown(request.query, [])
    return wantsPage(request)
      ? reply.headers(pages).type('text/html; charset=utf-8').send(wholePage())
      : reply.headers(headers).send({ problems: problemRows(), faults: faultRows() })
  })
  app.get<{ Params: { code: string } }>(
    '/problems/:code',
    { config: { access: 'public', doc } },
    (request, reply) => {
      const { code } = request.params
      if (!isCode(code)) throw problem('not-found')
      if (wantsPage(request)) return reply.headers(pages).type('text/html; charset=utf-8').send(pageOf(code))
      return reply.headers(headers).send(problemRow(code))
    },
  )
}

const isCode = (code: string): code is ProblemCode => Object.hasOwn(problemCodes, code)

const wantsPage = ({ headers }: FastifyRequest): boolean => (headers.accept ?? '').includes('text/html')

function problemRow(code: ProblemCode) {
  const { status, title, titleZh } = problemCodes[code]
  return { type: `/problems/${code}`, code, status, title, titleZh }
}

const problemRows = () => (Object.keys(problemCodes) as ProblemCode[]).map(problemRow)
const faultRows = () => Object.entries(faultCodes).map(([code, { en, zh }]) => ({ code, en, zh }))

/** Words of the tables only: nothing of the request is shown. */
function page(title: string, main: string): string {
  return `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<main>
${main}
<p><a href="/docs">接口文档 <span lang="en">API reference</span></a></p>
</main>
</html>
`
}

function pageOf(code: ProblemCode): string {
  const { status, title, titleZh } = problemCodes[code]
  return page(
    `${titleZh} · ${title}`,
    `<h1>${titleZh}</h1>
<p lang="en">${title}</p>
<p><code>${code}</code> · HTTP ${status}</p>
<p>具体原因见应答中的 detailZh 与 errors。<span lang="en">Why, is in detail and errors of the answer.</span>
<a href="/problems#faults">全部错误码 <span lang="en">All codes</span></a></p>`,
  )
}

function wholePage(): string {
  const problems = problemRows().map(
    ({ type, code, status, title, titleZh }) =>
      `<tr><td><a href="${type}"><code>${code}</code></a></td><td>${status}</td><td>${titleZh}</td><td lang="en">${title}</td></tr>`,
  )
  const faults = faultRows().map(
    ({ code, en, zh }) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${zh}</td><td lang="en">${en}</td></tr>`,
  )
  return page(
    '错误码 · Codes of refusals and faults',
    `<h1>错误码 <span lang="en">Codes</span></h1>
<h2>应答的 code <span lang="en">code of the answer</span></h2>
<table>
${problems.join('\n')}
</table>
<h2 id="faults">errors 中各项的 code <span lang="en">code in errors</span></h2>
<table>
${faults.join('\n')}
</table>`,
  )
}

const tags = ['Problems 错误']
const text = { type: 'string' }
const problemSchema = {
  type: 'object',
  required: ['type', 'code', 'status', 'title', 'titleZh'],
  properties: { type: text, code: text, status: { type: 'integer' }, title: text, titleZh: text },
}
const faultSchema = {
  type: 'object',
  required: ['code', 'en', 'zh'],
  properties: { code: text, en: text, zh: text },
}
const webPage = { contentType: 'text/html', schema: text }
const listDoc = {
  tags,
  summary: 'All refusals, and all faults that errors may name 全部错误码',
  responses: {
    200: {
      description: 'As JSON, or as a page for a browser · JSON，浏览器访问时为网页',
      schema: {
        type: 'object',
        required: ['problems', 'faults'],
        properties: {
          problems: { type: 'array', items: problemSchema },
          faults: { type: 'array', items: faultSchema },
        },
      },
      or: webPage,
    },
  },
}
const doc = {
  tags,
  summary: 'What a refusal means 错误说明',
  description: 'The `type` of every problem document leads here. · 错误文档的 type 指向此处。',
  responses: {
    200: {
      description: 'As JSON, or as a page for a browser · JSON，浏览器访问时为网页',
      schema: problemSchema,
      or: webPage,
    },
  },
}
