// What a reconciliation says: one line a difference as they come, then the counts. Pure.

import type { Counts, Finding, FindingKind } from '../../ledger/reconciliation.ts'
import type { Unanswered } from '../../supervision/reconciling/asking.ts'

const words: Record<FindingKind | 'unanswered', string> = {
  'only-ours': 'only ours 仅我方有',
  'only-theirs': 'only theirs 仅对方有',
  state: 'state differs 状态不同',
  reference: 'number differs 编号不同',
  doubled: 'doubled 对方重复',
  unanswered: 'unanswered 未答复',
}

const ID = 34
const SIDE = 40

export const head = `${cells('id 编号', 'ours 我方', 'theirs 对方')}difference 差异\n${'-'.repeat(ID + 2 * SIDE + 20)}\n`

export function line({ kind, id, ours, theirs, known }: Finding): string {
  const times = theirs && theirs.times > 1 ? ` ×${theirs.times}` : ''
  const more = known ? ` (our transfer is ${known} · 我方流转状态 ${known})` : ''
  return `${cells(id ?? '—', said(ours), said(theirs) + times)}${words[kind]}${more}\n`
}

export const unansweredLine = ({ transfer, summary }: Unanswered): string =>
  `${cells(transfer, '', summary)}${words.unanswered}\n`

const said = (side: { reference: string | null; state: string | null } | null): string =>
  side ? [side.reference, side.state].filter((part) => part !== null).join(' ') || '✓' : '—'

function cells(id: string, ours: string, theirs: string): string {
  return `${padded(id, ID)}${padded(ours, SIDE)}${padded(theirs, SIDE)}`
}

/** Chinese characters are two columns wide. */
function padded(text: string, width: number): string {
  const columns = [...text].reduce((sum, one) => sum + (one > '\u2e7f' ? 2 : 1), 0)
  return `${text}${' '.repeat(Math.max(1, width - columns))}`
}

export function lastLine(system: string, day: string, counts: Counts, unanswered: number): string {
  const { ours, theirs, agreed, onlyOurs, onlyTheirs, different, doubled } = counts
  const rest = unanswered > 0 ? ` unanswered=${unanswered}` : ''
  return `reconciled system=${system} day=${day} ours=${ours} theirs=${theirs} agreed=${agreed} only-ours=${onlyOurs} only-theirs=${onlyTheirs} different=${different} doubled=${doubled}${rest}\n`
}

export const otherDayLine = (count: number): string =>
  count > 0
    ? `${count} of theirs were delivered on another day by our books · 对方清单中 ${count} 项按我方台账属于其他日期\n`
    : ''
