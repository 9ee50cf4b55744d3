// What a demo says at its end: a table by system, what was found, and one line for machines.

import type { LedgerView, Reconciliation } from '../../sandbox/reconcile.ts'

export function table(view: LedgerView): string {
  const rows = [...Map.groupBy(view.transfers, (one) => one.system)]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([system, list]) => [
      system,
      String(list.length),
      String(list.filter((one) => one.state === 'delivered').length),
      String(list.filter((one) => one.state === 'refused' || one.state === 'cancelled').length),
      String(list.filter((one) => one.state === 'dead').length),
      String(list.reduce((sum, one) => sum + one.attempts, 0)),
      String(list.filter((one) => one.attempts > 1).length),
    ])
  const head = ['system', 'transfers', 'delivered', 'refused', 'dead', 'attempts', 'retried']
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)))
  const line = (cells: string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

export function states(view: LedgerView): string {
  const count = (list: readonly { state: string }[]): string =>
    [...Map.groupBy(list, (one) => one.state)].map(([state, all]) => `${state} ${all.length}`).join(', ')
  return `submissions: ${count(view.submissions)}\ncases:       ${count(view.cases)}\nparcels:     ${count(view.parcels) || 'none'}`
}

const SHOWN = 10

export function findings(result: Reconciliation): string {
  const kinds = ['lost', 'double', 'stuck', 'deadLetters'] as const
  return kinds
    .flatMap((kind) => {
      const list = result[kind]
      const more = list.length > SHOWN ? [`  … and ${list.length - SHOWN} more`] : []
      return list.length === 0
        ? []
        : [`${kind}:`, ...list.slice(0, SHOWN).map((one) => `  ${one.sentence}`), ...more]
    })
    .join('\n')
}

export function lastLine(result: Reconciliation): string {
  const { submissions, cases, transfers, retried, duplicatesAbsorbed, lost, double, stuck } = result
  return `reconciled: submissions=${submissions} cases=${cases} transfers=${transfers} retried=${retried} duplicates-absorbed=${duplicatesAbsorbed} lost=${lost.length} double=${double.length} stuck=${stuck.length}`
}
