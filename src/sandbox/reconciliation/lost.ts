// What one side knows and the other has lost. Each rule is one promise of the gateway.

import type { BookLine } from '../actor.ts'
import type { CityBooks, Finding, LedgerCase, LedgerView } from '../reconcile.ts'

type Rule = (books: CityBooks, ledger: LedgerView) => Finding[]

const neverSent: ReadonlySet<string> = new Set(['pending', 'withdrawn', 'terminated'])
const finalStates: ReadonlySet<string> = new Set(['closed', 'denied', 'rejected', 'withdrawn', 'terminated'])

/** What a carrier or a tracker has written down when it is delivered. */
const carried: ReadonlySet<string> = new Set(['createOrder', 'followParcel'])

/** Where a case may stand once the gateway has said that it has this status of the department. */
const statesAfter: Readonly<Record<string, readonly string[]>> = {
  97: ['rejected', 'closed'],
  40: ['denied', 'closed', 'terminated'],
  90: ['closed'],
  60: ['issued', 'closed', 'terminated'],
  50: ['approved', 'issued', 'closed', 'terminated'],
}

export function lostFindings(books: CityBooks, ledger: LedgerView): Finding[] {
  const rules: Rule[] = [
    acceptedSubmissions,
    dispatchedCases,
    casesNobodyKnows,
    placedOrders,
    registeredResults,
    supplements,
    acknowledgedEvents,
    finalEvents,
    brokenFiles,
  ]
  return rules.flatMap((rule) => rule(books, ledger))
}

function acceptedSubmissions(books: CityBooks, ledger: LedgerView): Finding[] {
  const known = new Map(ledger.submissions.map((submission) => [submission.id, submission]))
  return linesOf(books, 'submission').flatMap(([platform, { key, reference }]) => {
    const submission = known.get(key)
    if (submission?.externalId === reference && submission.platform === platform) return []
    return found(
      `${platform} was told that ${reference} is accepted as ${key}, but the ledger has no such submission`,
      key,
    )
  })
}

function dispatchedCases(books: CityBooks, ledger: LedgerView): Finding[] {
  const held = new Set(linesOf(books, 'case').map(([actor, { key }]) => `${actor} ${key}`))
  return ledger.cases.flatMap(({ id, system, state, reference }) => {
    if (!books[system] || held.has(`${system} ${id}`)) return []
    if (neverSent.has(state) && reference === null) return []
    return found(`Case ${id} is ${state} in the ledger, but ${system} has never received it`, id)
  })
}

function casesNobodyKnows(books: CityBooks, ledger: LedgerView): Finding[] {
  const known = new Set(ledger.cases.map(({ id }) => id))
  return linesOf(books, 'case').flatMap(([actor, { key, reference }]) =>
    known.has(key)
      ? []
      : found(`${actor} holds ${key} as ${reference}, but the ledger has no such case`, key),
  )
}

function placedOrders(books: CityBooks, ledger: LedgerView): Finding[] {
  const orders = linesOf(books, 'parcel')
  const waybills = new Set(orders.map(([actor, { reference }]) => `${actor} ${reference}`))
  const delivered = ledger.transfers.filter(
    ({ operation, state }) => carried.has(operation) && state === 'delivered',
  )
  const missing = delivered.flatMap(({ id, system, reference }) =>
    !books[system] || waybills.has(`${system} ${reference}`)
      ? []
      : found(`Transfer ${id} is delivered with waybill ${reference}, but ${system} has no such parcel`, id),
  )
  const known = new Set(ledger.parcels.flatMap(({ id, reference }) => [id, reference]))
  const unknown = orders.flatMap(([actor, { key, reference }]) =>
    known.has(key) || known.has(reference)
      ? []
      : found(`${actor} carries ${reference} for ${key}, but the ledger has no such parcel`, key, reference),
  )
  return [...missing, ...unknown]
}

function registeredResults(books: CityBooks, ledger: LedgerView): Finding[] {
  const held = new Set(linesOf(books, 'certificate').map(([actor, { key }]) => `${actor} ${key}`))
  const sent = ledger.transfers.filter(({ operation }) => operation === 'registerCertificate')
  const missing = sent.flatMap(({ id, system, state, reference }) =>
    state !== 'delivered' || !books[system] || held.has(`${system} ${reference}`)
      ? []
      : found(`Transfer ${id} is delivered as ${reference}, but ${system} holds no such certificate`, id),
  )
  const known = new Set(sent.map(({ system, reference }) => `${system} ${reference}`))
  const open = sent.some(({ state }) => state === 'due' || state === 'held')
  const unknown = linesOf(books, 'certificate').flatMap(([actor, { key }]) =>
    open || known.has(`${actor} ${key}`)
      ? []
      : found(`${actor} holds the certificate ${key}, but the ledger has no such transfer`, key),
  )
  return [...missing, ...unknown]
}

function supplements(books: CityBooks, ledger: LedgerView): Finding[] {
  const taken = countBy(linesOf(books, 'supplement').map(([, { key }]) => key))
  const sent = ledger.transfers.filter(
    ({ operation, state }) => operation === 'supplementCase' && state === 'delivered',
  )
  const delivered = countBy(sent.filter(({ system }) => books[system]).map(({ caseId }) => caseId ?? ''))
  return [...delivered].flatMap(([caseId, rounds]) => {
    const there = taken.get(caseId) ?? 0
    if (there >= rounds) return []
    return found(
      `${rounds} supplements of ${caseId} are delivered in the ledger, but its department has ${there}`,
      caseId,
    )
  })
}

function acknowledgedEvents(books: CityBooks, ledger: LedgerView): Finding[] {
  const cases = new Map(ledger.cases.map((one) => [one.id, one]))
  return linesOf(books, 'event').flatMap(([actor, { key, state: status }]) => {
    const one = cases.get(key)
    if (!one || isSeen(one, status)) return []
    return found(
      `The gateway acknowledged ${actor}'s status ${status} of ${key}, but the case is still ${one.state}`,
      key,
    )
  })
}

function isSeen({ state }: LedgerCase, status: string): boolean {
  if (state === 'withdrawn') return true
  return statesAfter[status]?.includes(state) ?? state !== 'pending'
}

function finalEvents(books: CityBooks, ledger: LedgerView): Finding[] {
  const platforms = new Map(ledger.submissions.map(({ id, platform }) => [id, platform]))
  return ledger.cases.flatMap(({ id, submissionId, state }) => {
    const platform = platforms.get(submissionId) ?? ''
    const told = books[platform]?.cases
    if (!told || !finalStates.has(state) || told[id]?.types.includes(`case.${state}`)) return []
    return found(`Case ${id} is ${state} in the ledger, but ${platform} was never told`, id, submissionId)
  })
}

function brokenFiles(books: CityBooks): Finding[] {
  return linesOf(books, 'broken-file').map(([actor, { key, reference, state }]) => ({
    sentence: `${actor} could not get the file ${reference} of case ${key}: ${state}`,
    about: [key],
  }))
}

function linesOf(books: CityBooks, kind: string): [actor: string, line: BookLine][] {
  return Object.entries(books).flatMap(([actor, { effects, cases }]) => {
    if (kind === 'case' && cases) return []
    return effects.filter((line) => line.kind === kind).map((line): [string, BookLine] => [actor, line])
  })
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

function found(sentence: string, ...about: string[]): Finding[] {
  return [{ sentence, about }]
}
