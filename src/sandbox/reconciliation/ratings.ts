// 好差评: every service that the gateway says it recorded is known to the rating system, every evaluation that it
// acknowledged is kept, and none is kept that no applicant gave.

import type { BookLine } from '../actor.ts'
import type { CityBooks, Finding, LedgerView } from '../reconcile.ts'

type Rating = LedgerView['services'][number]

export function ratingFindings(books: CityBooks, ledger: LedgerView): Finding[] {
  return Object.entries(books).flatMap(([actor, { effects }]) => {
    const own = ledger.services.filter(({ system }) => system === actor)
    const recorded = effects.filter(({ kind }) => kind === 'service')
    const acknowledged = effects.filter(({ kind }) => kind === 'evaluation')
    const opinions = effects.filter(({ kind }) => kind === 'opinion')
    return [
      ...lostServices(actor, own, recorded, ledger),
      ...unknownServices(actor, own, recorded),
      ...lostEvaluations(actor, own, acknowledged),
      ...madeUp(own, opinions),
    ]
  })
}

const line = ({ key, reference }: BookLine): string => `${key} ${reference}`
const service = ({ caseId, number }: Rating): string => `${caseId} ${number}`

function lostServices(
  actor: string,
  own: readonly Rating[],
  recorded: readonly BookLine[],
  { transfers }: LedgerView,
): Finding[] {
  const there = new Set(recorded.map(line))
  const open = new Set(
    transfers
      .filter(({ operation, state }) => operation === 'recordService' && state !== 'delivered')
      .map(({ caseId }) => caseId),
  )
  return own
    .filter((one) => !there.has(service(one)) && !open.has(one.caseId))
    .map((one) => ({
      sentence: `Service ${one.number} of ${one.caseId} is recorded in the ledger, but ${actor} was never told`,
      about: [one.caseId],
    }))
}

function unknownServices(actor: string, own: readonly Rating[], recorded: readonly BookLine[]): Finding[] {
  const known = new Set(own.map(service))
  return recorded
    .filter((one) => !known.has(line(one)))
    .map((one) => ({
      sentence: `${actor} was told of service ${one.reference} of ${one.key}, but the ledger has none`,
      about: [one.key],
    }))
}

function lostEvaluations(actor: string, own: readonly Rating[], given: readonly BookLine[]): Finding[] {
  const kept = new Map(own.map((one) => [service(one), one.satisfactions]))
  return given
    .filter((one) => !kept.get(line(one))?.includes(Number(one.state)))
    .map((one) => ({
      sentence: `The gateway acknowledged ${actor}'s evaluation (${one.state}) of service ${one.reference} of ${one.key}, but did not keep it`,
      about: [one.key],
    }))
}

function madeUp(own: readonly Rating[], given: readonly BookLine[]): Finding[] {
  const said = new Map<string, number>()
  for (const one of given) said.set(line(one), (said.get(line(one)) ?? 0) + 1)
  return own
    .filter((one) => one.satisfactions.length > (said.get(service(one)) ?? 0))
    .map((one) => ({
      sentence: `Service ${one.number} of ${one.caseId} has ${one.satisfactions.length} evaluations in the ledger, more than applicants gave`,
      about: [one.caseId],
    }))
}
