// The type of every problem document leads somewhere: to what the refusal means, for people and for programs.

import t from 'tap'
import { problemRoutes } from '../../src/docs/problem-pages.ts'
import { problemCodes } from '../../src/http/problem-codes.ts'
import { startEdge } from '../security/edge.ts'

t.test('every code of the table has a page, and the same as JSON', async (t) => {
  const app = await startEdge(t, { routes: problemRoutes })
  for (const [code, { status, title, titleZh }] of Object.entries(problemCodes)) {
    const url = `/problems/${code}`
    const told = await app.inject(url)
    t.match(told.json(), { type: url, code, status, title, titleZh })
    t.match(told.headers, { 'cache-control': /^public, max-age=/, vary: 'accept' })
    const page = await app.inject({ url, headers: { accept: 'text/html,*/*' } })
    t.match(page.headers, { 'content-type': 'text/html; charset=utf-8', 'cache-control': /^public/ })
    t.ok(page.body.includes(title) && page.body.includes(titleZh), code)
  }
  for (const code of ['nothing', 'constructor', '__proto__', '%3Cscript%3E'])
    t.match((await app.inject(`/problems/${code}`)).json(), { code: 'not-found' })
})
