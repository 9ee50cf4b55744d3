// What a simulation found, as text for people.

import { table } from '../bench/table.ts'
import type { Told } from './books.ts'
import type { Simulation, Violation } from './run.ts'
import type { Outcome } from './world.ts'

const outcomes: readonly Outcome[] = ['applied', 'noted', 'duplicate', 'refused', 'replayed']

export function reportText(one: Simulation): string {
  const {
    cases,
    submissions,
    refusedAtTheDoor,
    events,
    seconds,
    cpuSeconds,
    answers,
    ends,
    caseEnds,
    seed,
    faults,
  } = one
  const rows = Object.keys(answers)
    .sort()
    .map((type) => [type, ...outcomes.map((outcome) => String(answers[type]![outcome] ?? 0))])
  return [
    `seed ${seed}, faults ${faults}: ${cases} cases of ${submissions} submissions (${refusedAtTheDoor} more refused by the plan)`,
    `${events} events in ${seconds.toFixed(1)} s (${cpuSeconds.toFixed(1)} s of CPU): ${Math.round(events / seconds)} events/s, ${Math.round(cases / seconds)} cases/s\n`,
    table(['event', ...outcomes], rows),
    table(['submissions ended', 'count'], counts(ends)),
    table(['cases ended', 'count'], counts(caseEnds)),
    ...one.violations.map((violation) => violationText(violation, one)),
    ...(Object.keys(one.broken).length > 0 ? [table(['laws broken', 'times'], counts(one.broken))] : []),
    `digest ${one.digest}`,
    lastLine(one),
  ].join('\n')
}

const counts = (of: Record<string, number>): string[][] =>
  Object.entries(of)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => [name, String(count)])

function lastLine({ broken }: Simulation): string {
  const times = Object.values(broken).reduce((sum, one) => sum + one, 0)
  return times === 0 ? 'every law held 全部规则成立' : `${times} lives broke a law 违反规则 ${times} 次`
}

export function violationText(
  { life, law, what, events, told }: Violation,
  { seed, faults }: Pick<Simulation, 'seed' | 'faults'>,
): string {
  const kept =
    events.length < told ? `${events.length} of ${told} events break it` : `${told} events led to it`
  return [
    `BROKEN ${law}`,
    `  ${what.slice(0, 2_000)}`,
    `  npm run simulate -- --faults ${faults} --replay ${seed}:${life}`,
    `  ${kept}:`,
    ...events.map((one) => `    ${eventText(one)}`),
    '',
  ].join('\n')
}

export const eventText = ({ now, event, message }: Told): string =>
  `${now} ${JSON.stringify(event)}${message ? ` (${message})` : ''}`
