// The fault run in a table and one last line that a script can read. Every number is from the run at hand.

import { number, table } from '../bench/table.ts'
import { broken, type FaultReport } from './run.ts'

export function reportText(report: FaultReport): string {
  const { books } = report
  const rows = report.disturbances.map((one) => [
    one.kind,
    String(one.atAccepted),
    String(one.abandoned),
    number(one.readyMs, 0),
    ...[one.recovery?.takenOverMs, one.recovery?.queuedMs, one.recovery?.firstMs, one.recovery?.lastMs].map(
      (ms) => number(ms, 0),
    ),
  ])
  const abandoning = report.disturbances.filter((one) => one.kind === 'kill' && one.abandoned > 0).length
  return [
    `queues on ${report.queues}, seed ${report.seed}`,
    table(
      [
        'disturbed by',
        'after submissions',
        'transfers abandoned',
        'ready ms',
        'taken over ms',
        'queued again ms',
        'first moved ms',
        'last moved ms',
      ],
      rows,
    ),
    `${abandoning} of ${report.kills} kills left work behind; everything settled ${number(report.settleMs / 1000, 1)} s after the last submission`,
    table(
      ['books compared', 'count'],
      [
        ['submissions accepted', String(books.submissions)],
        ['cases', String(books.cases)],
        ['transfers', String(books.transfers)],
        ['transfers tried again', String(books.retried)],
        ['duplicates absorbed', String(books.duplicatesAbsorbed)],
        ['lost', String(books.lost.length)],
        ['double', String(books.double.length)],
        ['stuck', String(books.stuck.length)],
        ['dead letters', String(books.deadLetters.length)],
      ],
    ),
    ...broken(report).slice(0, 50),
  ].join('\n')
}

/** `faults: kills=… submissions=… lost=… double=… stuck=… recovery_p100=…s` over all reports. */
export function lastLine(reports: FaultReport[]): string {
  const sum = (of: (report: FaultReport) => number) => reports.reduce((total, one) => total + of(one), 0)
  const recoveries = reports.flatMap((one) => (one.recoveryP100Ms === null ? [] : [one.recoveryP100Ms]))
  const recovery = recoveries.length === 0 ? '—' : `${(Math.max(...recoveries) / 1000).toFixed(2)}s`
  return [
    `faults: kills=${sum((one) => one.kills)}`,
    `submissions=${sum((one) => one.books.submissions)}`,
    `lost=${sum((one) => one.books.lost.length)}`,
    `double=${sum((one) => one.books.double.length)}`,
    `stuck=${sum((one) => one.books.stuck.length + (one.settled ? 0 : 1))}`,
    `recovery_p100=${recovery}`,
  ].join(' ')
}
