// GET /problems/{code}: what the `type` of a problem document leads to (RFC 9457). A page for whoever follows the link, JSON for
// a program. From the one table of refusals.

import type { FastifyInstance } from 'fastify'
import { type ProblemCode, problemCodes } from '../http/problem-codes.ts'
import { problem } from '../http/problems.ts'
import { contentSecurityPolicy, pageHeaders } from '../security/page-headers.ts'

const CACHED_SECONDS = 3_600

export async function problemRoutes(app: FastifyInstance): Promise<void> {
  const headers = { 'cache-control': `public, max-age=${CACHED_SECONDS}`, vary: 'accept' }
  const pages = { ...pageHeaders(contentSecurityPolicy({ 'img-src': 'data:' })), ...headers }
  app.get<{ Params: { code: string } }>(
    '/problems/:code',
    { config: { access: 'public', doc } },
    (request, reply) => {
      const { code } = request.params
      if (!isCode(code)) throw problem('not-found')
      if ((request.headers.accept ?? '').includes('text/html'))
        return reply.headers(pages).type('text/html; charset=utf-8').send(pageOf(code))
      const { status, title, titleZh } = problemCodes[code]
      return reply.headers(headers).send({ type: `/problems/${code}`, code, status, title, titleZh })
    },
  )
}

const isCode = (code: string): code is ProblemCode => Object.hasOwn(problemCodes, code)

/** Words of the table only: nothing of the request is shown. */
function pageOf(code: ProblemCode): string {
  const { status, title, titleZh } = problemCodes[code]
  return `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${titleZh} · ${title}</title>
<main>
<h1>${titleZh}</h1>
<p lang="en">${title}</p>
<p><code>${code}</code> · HTTP ${status}</p>
<p>具体原因见应答中的 detailZh 与 errors。<span lang="en">Why, is in detail and errors of the answer.</span>
<a href="/docs">接口文档 <span lang="en">API reference</span></a></p>
</main>
</html>
`
}

const doc = {
  tags: ['Problems 错误'],
  summary: 'What a refusal means 错误说明',
  description: 'The `type` of every problem document leads here. · 错误文档的 type 指向此处。',
  responses: {
    200: {
      description: 'As JSON, or as a page for a browser · JSON，浏览器访问时为网页',
      schema: {
        type: 'object',
        properties: {
          type: { type: 'string' },
          code: { type: 'string' },
          status: { type: 'integer' },
          title: { type: 'string' },
          titleZh: { type: 'string' },
        },
      },
    },
  },
}
