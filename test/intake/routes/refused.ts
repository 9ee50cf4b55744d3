// What every refusal of the gateway must be: an RFC 9457 problem in both languages that names what is wrong, with
// nothing kept. And the clients that the tests of the routes call as.

import { createHash } from 'node:crypto'
import type { Test } from 'tap'
import { type ProblemCode, problemCodes } from '../../../src/http/problem-codes.ts'
import type { Answer } from '../../support/platform.ts'
import type { Running } from '../../support/running.ts'

interface Fault {
  pointer: string
  code: string
  message: string
  messageZh: string
}

/** The answer is this problem with exactly these faults, `pointer code` each, in any order. */
export function refused(t: Test, answer: Answer, code: ProblemCode, faults?: readonly string[]): void {
  const said = answer.body.toString('utf8')
  t.equal(answer.status, problemCodes[code].status, `${code}: ${said.slice(0, 400)}`)
  if (answer.status !== problemCodes[code].status) return
  t.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
  const problem = answer.json()
  t.match(problem, { ...wordsOf(code), type: `/problems/${code}`, code, status: answer.status })
  t.match(problem.instance, /^\//)
  if (problem.detail !== undefined) t.ok(isChinese(problem.detailZh), `in Chinese too: ${problem.detail}`)
  const errors: Fault[] = problem.errors ?? []
  for (const { message, messageZh } of errors) {
    t.match(message, /[A-Za-z]{2}/, `in English: ${message}`)
    t.ok(isChinese(messageZh), `in Chinese: ${messageZh}`)
  }
  if (faults !== undefined)
    t.strictSame(errors.map((one) => `${one.pointer} ${one.code}`).sort(), [...faults].sort(), said)
}

const wordsOf = (code: ProblemCode) => ({
  title: problemCodes[code].title,
  titleZh: problemCodes[code].titleZh,
})

const isChinese = (text: unknown): boolean => typeof text === 'string' && /\p{Script=Han}/u.test(text)

/** Runs `action` and proves that no row and no half a file stayed behind. */
export async function nothingKept(t: Test, running: Running, action: () => Promise<void>): Promise<void> {
  const before = await running.kept()
  await action()
  t.strictSame(await running.kept(), before, 'nothing is kept of what was refused')
}

const sha256 = (token: string) => createHash('sha256').update(token).digest('hex')

export const otherTokens = {
  reader: 'token-of-a-reader',
  district: 'token-of-a-district',
  unassigned: 'token-of-nobodys-platform',
} as const

const everything =
  '[submissions:write, submissions:read, materials:write, catalogue:read, appointments:write]'

/** Edits of config/gateway.yaml: clients that may less than the platforms, and limits that a test can reach. */
export const smallGateway = {
  'gateway.yaml': (text: string) =>
    text
      .replace('maxFileBytes: 2147483648', 'maxFileBytes: 1048576')
      .replace('maxBodyBytes: 1048576', 'maxBodyBytes: 262144')
      .replace(
        '\nclients:\n',
        `
clients:
  - { id: reader, tokens: [{ sha256: ${sha256(otherTokens.reader)} }], scopes: [submissions:read], divisions: ["*"], platform: kaifeng-platform }
  - { id: district, tokens: [{ sha256: ${sha256(otherTokens.district)} }], scopes: ${everything}, divisions: ["410204"], platform: kaifeng-platform }
  - { id: unassigned, tokens: [{ sha256: ${sha256(otherTokens.unassigned)} }], scopes: ${everything}, divisions: ["*"] }
`,
      ),
}
