// tongban reload

import type { ProblemDocument } from '../http/problems.ts'
import type { Reloaded } from '../operations/reload.ts'
import { readEnvironment, variable } from '../settings/environment.ts'
import { askPassword } from './ask-password.ts'
import { readCommandLine } from './command-line.ts'

const help = `tongban reload [--url address] (--operator id | --token session)

A running gateway reads its whole configuration again. Systems that were added, changed or removed come into force at
once, without a transfer lost or repeated; so do deadlines, certificates and custody of gateway.yaml, for whatever is
decided from then on. A change elsewhere is named and waits for a restart. With anything wrong nothing changes, and every
reason is printed. The other processes of the installation follow by themselves once their
own files are the same. SIGHUP to "tongban start" does the same.
网关重新读取全部配置：对接系统与各项时限的变更立即生效，其他变更需重启；有任何错误则全部不生效并逐条列出。

  --url       of the gateway (default: http://127.0.0.1:TONGBAN_PORT, or port 7700)
  --operator  an operator's id; the password is read from the terminal or standard input
  --token     the value of an operator's session cookie instead

Ends with status 0 when applied or unchanged, 1 when refused.
`

export async function reload(args: string[]): Promise<number> {
  const line = readCommandLine(args, help, {
    url: { type: 'string' },
    operator: { type: 'string' },
    token: { type: 'string' },
  })
  if (!line) return 0
  const { values } = line
  const url = (values.url ?? defaultUrl()).replace(/\/+$/, '')
  const cookie = await sessionOf(url, values)
  if (cookie === null) {
    process.stderr.write(help)
    return 2
  }
  const answer = await call(`${url}/ops/v1/configuration/reload`, {
    method: 'POST',
    headers: { cookie, origin: originOf(url) },
  })
  const body = (await answer.json()) as Reloaded | ProblemDocument
  if ('result' in body && body.result !== 'refused') {
    process.stdout.write(applied(body))
    return 0
  }
  process.stderr.write(refused(body as ProblemDocument))
  return 1
}

function defaultUrl(): string {
  return `http://127.0.0.1:${variable(readEnvironment(), 'TONGBAN_PORT') ?? '7700'}`
}

const originOf = (url: string): string => new URL(url).origin

/** The Cookie header of an operator's session; null when nobody was named. */
async function sessionOf(
  url: string,
  { operator, token }: { operator?: string | undefined; token?: string | undefined },
): Promise<string | null> {
  if (token !== undefined) return `tongban=${token}; __Host-tongban=${token}`
  if (operator === undefined) return null
  const form = new URLSearchParams({ account: operator, password: await askPassword() })
  const answer = await call(`${url}/ops/login`, {
    method: 'POST',
    headers: { origin: originOf(url) },
    body: form,
  })
  const set = answer.headers.get('set-cookie')
  if (answer.status === 303 && set) return set.split(';')[0]!
  throw new Error(
    `the gateway does not let operator "${operator}" in (${answer.status}) · 网关拒绝该操作员登录`,
  )
}

async function call(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(60_000) })
  } catch (cause) {
    throw new Error(
      `no gateway answers at ${url}. Is it running, and is --url right? · 网关无应答，请确认其正在运行且 --url 正确`,
      { cause },
    )
  }
}

function applied(body: Reloaded & { result: 'applied' | 'unchanged' }): string {
  const { result, from, to, systems, limits, waiting } = body
  if (result === 'unchanged') return `unchanged: ${to} is in force · 无变化\n`
  const lines = [
    ...systems.added.map((id) => `  + ${id}`),
    ...systems.removed.map((id) => `  - ${id}`),
    ...systems.changed.map(({ system, fields }) => `  ~ ${system}  ${fields.join(' ')}`),
    ...limits.map((part) => `  ~ ${part}`),
    ...waiting.map(({ part, needs }) => `  ! ${part}: changed, but needs a ${needs} · 需重启后生效`),
  ]
  return `applied ${from} -> ${to} · 已生效\n${lines.map((line) => `${line}\n`).join('')}`
}

function refused({ title, titleZh, detail, detailZh, errors = [] }: ProblemDocument): string {
  const head = `${detail ?? title} · ${detailZh ?? titleZh}\n`
  return head + errors.map(({ message, messageZh }) => `  ${message}\n    ${messageZh}\n`).join('')
}
