// The hand-over list (交接单) as a page to print: pure, no script, one style sheet that the policy admits by its hash.
// Everything that came from outside is escaped here, and citizens are named by their family name only.

import { hash } from 'node:crypto'
import { dayOf, minuteOf } from '../domain/calendar.ts'
import { type HandOverKind, type Keeper, keeperOf, kindOf, type Link, standing } from '../domain/paper.ts'
import type { Held } from '../domain/papers.ts'
import type { Aggregate } from '../domain/submission.ts'
import { contentSecurityPolicy } from '../security/page-headers.ts'
import { custodyOf } from './custody-view.ts'

interface CustodyPage {
  aggregate: Aggregate
  theme: string
  applicant: string
  printedAt: string
  divisionName(code: string): string
  hallName(code: string): string
  systemName(id: string): string
}

const style = `
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font: 14px/1.5 "Noto Serif CJK SC", SimSun, serif; color: #111; background: #fff }
h1 { font-size: 1.4rem; text-align: center; margin: 0 0 1rem }
small { color: #555 }
dl { display: grid; grid-template-columns: max-content 1fr max-content 1fr; gap: .2rem 1rem }
dd { margin: 0 }
table { border-collapse: collapse; width: 100%; margin: .3rem 0 1.2rem }
th, td { border: 1px solid #333; padding: .3rem .5rem; text-align: left; vertical-align: top }
h2 { font-size: 1rem; margin: 1rem 0 0 }
.gap, .overdue { font-weight: bold }
.signatures td { height: 3.5rem; width: 25% }
@media print { body { margin: 0; max-width: none } h2, table { break-inside: avoid } }
`

export const custodyPagePolicy = contentSecurityPolicy({
  'style-src': `'sha256-${hash('sha256', style, 'base64')}'`,
  'img-src': 'data:',
})

export function custodyPage(page: CustodyPage): string {
  const { id, externalId, division, homeDivision } = page.aggregate.submission
  const papers = custodyOf(page.aggregate)
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>材料交接单 ${text(externalId)}</title>
<style>${style}</style>
</head>
<body>
<h1>材料交接单 <small lang="en">Hand-over list</small></h1>
<dl>
${fact('申办编号', externalId)}${fact('网关编号', id)}
${fact('主题', page.theme)}${fact('申请人', familyName(page.applicant))}
${fact('收件地', page.divisionName(division))}${fact('属地', page.divisionName(homeDivision))}
${fact('打印时间', momentOf(page.printedAt))}${fact('份数', String(papers.length))}
</dl>
${papers.length === 0 ? '<p>本申办没有纸质材料。<small lang="en">No papers.</small></p>' : papers.map((one) => section(one, page)).join('\n')}
<table class="signatures"><tr><td>移交人签字：</td><td>日期：</td><td>接收人签字：</td><td>日期：</td></tr></table>
</body>
</html>
`
}

const fact = (name: string, value: string): string => `<dt>${name}</dt><dd>${text(value)}</dd>`

function section({ one, paper }: Held, page: CustodyPage): string {
  const { awaits } = paper
  const held = `现由${describe(keeperOf(paper, one.system), page)}持有`
  const late = awaits ? `，应于 ${awaits.dueOn} 前交接${awaits.alarm ? '（已逾期）' : ''}` : ''
  const code = paper.material ?? `${one.matter.code} 结果`
  const rows = paper.links.filter(standing).map((link, i) => row(link, i, page))
  return `<h2>${text(paper.name)} <small>${text(code)}</small></h2>
<div${awaits?.alarm ? ' class="overdue"' : ''}>${text(held)}${late}</div>
<table>
<tr><th>序号</th><th>环节</th><th>移交方</th><th>接收方</th><th>时间</th><th>地点</th><th>邮件号</th><th>备注</th></tr>
${rows.length === 0 ? '<tr><td colspan="8">尚未交接</td></tr>' : rows.join('\n')}
</table>`
}

function row(link: Link, i: number, page: CustodyPage): string {
  const remarks = [link.gap ? '与上一环节不衔接' : '', link.confirmed ? '双方已确认' : '', link.note ?? '']
  const cells = [
    String(i + 1),
    kinds[kindOf(link)],
    describe(link.from, page),
    describe(link.to, page),
    momentOf(link.at),
    link.place ?? '',
    link.waybill ?? '',
    remarks.filter(Boolean).join('；'),
  ]
  return `<tr${link.gap ? ' class="gap"' : ''}>${cells.map((cell) => `<td>${text(cell)}</td>`).join('')}</tr>`
}

const kinds: Record<HandOverKind, string> = {
  'taken-in': '收件',
  sent: '交寄',
  received: '签收',
  'given-back': '送还',
  'passed-on': '转交',
}
const keepers: Record<Keeper['kind'], string> = {
  applicant: '申请人',
  window: '窗口',
  carrier: '寄递',
  department: '部门',
}

function describe({ kind, hall, window, system, person }: Keeper, page: CustodyPage): string {
  const place = hall
    ? `${page.hallName(hall)}${window ? ` ${window} 号` : ''}`
    : system && page.systemName(system)
  return [place ? `${keepers[kind]} ${place}` : keepers[kind], person].filter(Boolean).join(' · ')
}

/** In China's time. */
const momentOf = (at: string): string => `${dayOf(at)} ${minuteOf(at)}`

const familyName = (name: string): string => (name === '' ? '' : `${[...name][0]}**`)

const text = (value: string): string => value.replace(/[&<>"']/g, (it) => `&#${it.charCodeAt(0)};`)
