// The type of every problem document leads somewhere: to what the refusal means, for people and for programs.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { problemRoutes } from '../../src/docs/problem-pages.ts'
import { faultCodes } from '../../src/http/fault-codes.ts'
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

t.test('all of them stand on one page, with every fault that errors may name', async (t) => {
  const app = await startEdge(t, { routes: problemRoutes })
  const told = (await app.inject('/problems')).json()
  t.strictSame(
    told.problems.map(({ code }: { code: string }) => code),
    Object.keys(problemCodes),
  )
  t.strictSame(
    told.faults,
    Object.entries(faultCodes).map(([code, words]) => ({ code, ...words })),
  )
  const page = await app.inject({ url: '/problems', headers: { accept: 'text/html' } })
  t.match(page.headers, { 'content-type': 'text/html; charset=utf-8', 'cache-control': /^public/ })
  for (const [code, { en, zh }] of Object.entries(faultCodes))
    t.ok(page.body.includes(code) && page.body.includes(en) && page.body.includes(zh), code)
})

t.test('every fault of the table is found somewhere, and named in one way', async (t) => {
  const root = fileURLToPath(new URL('../../', import.meta.url))
  const text = ['src', 'adapters']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(folder, name),
      ),
    )
    .filter((name) => name.endsWith('.ts') && !name.endsWith('fault-codes.ts'))
    .map((name) => readFileSync(join(root, name), 'utf8'))
    .join('\n')
  // Made of what the domain finds wrong with a branch (check-redo.ts).
  const made = new Set(['redo-not-in-submission', 'redo-not-failed', 'redo-needs', 'redo-waits'])
  const unused = Object.keys(faultCodes).filter((code) => !made.has(code) && !text.includes(`'${code}'`))
  // Where a material is not kept: the store's own words.
  t.strictSame(
    unused.filter((code) => !new RegExp(`\\b${code}:`).test(text)),
    [],
  )
  const turned = Object.keys(faultCodes).filter((code) => /-unknown$|^wrong-|^missing-/.test(code))
  t.strictSame(turned, [])
})
