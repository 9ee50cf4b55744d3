// tongban adapter test: the conformance kit without a test runner, as a checklist or as JSON.

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  type ConformanceReport,
  conformanceReport,
  type ReportedGroup,
} from '../../adapter-kit/conformance.ts'
import { type FoundAdapter, findAdapter } from '../../adapter-kit/load.ts'
import { readCommandLine } from '../command-line.ts'
import { ADAPTERS } from '../settings.ts'

const help = `tongban adapter test <folder | npm package | name in adapters/> [--json]

Runs every sample of an adapter against a real HTTP server, then asks what it says when its system refuses, hangs, hangs
up, throttles, or answers with something else. Ends with status 0 when every rule is held.
用真实 HTTP 服务逐个运行示例，并检查对方拒绝、无应答、限流、答非所问时的行为；全部通过时退出状态为 0。

  --json   the same as one JSON document
`

export async function testAdapter(args: string[]): Promise<number> {
  const line = readCommandLine(args, help, { json: { type: 'boolean' } }, 'names')
  if (!line) return 0
  const { values, positionals } = line
  const [what, ...more] = positionals
  if (what === undefined || more.length > 0)
    throw new Error('adapter test takes one folder or package. Try --help · 须给出一个适配器目录或包')
  const { folder, manifest } = await locate(what)
  const report = await conformanceReport(folder, manifest)
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : checklist(report))
  return report.broken === 0 ? 0 : 1
}

/**
 * A folder as the shell knows it, else an adapter of the gateway, else a package installed here or beside the
 * gateway.
 */
function locate(what: string): Promise<FoundAdapter> {
  const here = pathToFileURL(`${process.cwd()}/`)
  if (existsSync(resolve(what))) return findAdapter(resolve(what), here)
  if (/^[\w-]+$/.test(what) && existsSync(new URL(`${what}/`, ADAPTERS)))
    return findAdapter(`./${what}`, ADAPTERS)
  return findAdapter(what, here)
}

function checklist(report: ConformanceReport): string {
  const { adapter, kind, groups, held, broken } = report
  return [
    `${adapter} (${kind})`,
    ...groups.flatMap(group),
    '',
    `${held} rules held, ${broken} broken · 通过 ${held} 项，未通过 ${broken} 项`,
    '',
  ].join('\n')
}

const titles: Readonly<Record<string, string>> = {
  declared: 'what is declared · 声明',
  incoming: 'what comes in · 接收',
}

function group({ about, rules, notAsked }: ReportedGroup): string[] {
  return [
    '',
    `  ${titles[about] ?? about}`,
    ...rules.flatMap(({ rule, held, why }) => [
      `    ${held ? '✔' : '✘'} ${rule}`,
      ...why.map((one) => `        ${one}`),
    ]),
    ...reasons(notAsked).map(([why, names]) => `    – not asked · 不适用: ${names.join(', ')} (${why})`),
  ]
}

function reasons(notAsked: ReportedGroup['notAsked']): [why: string, names: string[]][] {
  const byReason = Map.groupBy(notAsked, ({ why }) => why)
  return [...byReason].map(([why, list]) => [why, list.map(({ name }) => name)])
}
