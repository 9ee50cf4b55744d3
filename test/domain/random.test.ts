// Whatever comes, in whatever order, however often: the laws that hold for every life of a submission.

import fc from 'fast-check'
import t from 'tap'
import { failedStates, settledStates } from '../../src/domain/case-states.ts'
import { ringsOn } from '../../src/domain/ringing.ts'
import type { Aggregate, Parcel, Wait } from '../../src/domain/submission.ts'
import { after } from './life.ts'
import { isOpen, liveThrough, moves } from './random-moves.ts'

function isAsked({ transfers }: Aggregate, wait: Wait): boolean {
  const forRegistry = wait.for === 'certificate' || wait.for === 'recheck'
  if (!forRegistry && !(wait.for === 'supplement' && wait.orCertificate)) return true
  return transfers.some((it) => isOpen(it) && 'material' in it.about && it.about.material === wait.material)
}

const over: ReadonlySet<Parcel['state']> = new Set(['delivered', 'lost', 'returned', 'cancelled'])
const evaluations = ({ cases }: Aggregate): number =>
  cases.flatMap(({ services = [] }) => services.filter((one) => one.evaluation)).length

/** Each law as a sentence when it is broken. */
function broken(state: Aggregate): string[] {
  const said: string[] = []
  const law = (holds: boolean, sentence: string): void => void (holds || said.push(sentence))
  for (const [lane, list] of Map.groupBy(state.transfers.filter(isOpen), (one) => one.lane)) {
    const going = list.filter((one) => one.state !== 'held')
    const first = Math.min(...list.map((one) => one.sequence))
    law(going.length === 1 && going[0]!.sequence === first, `lane ${lane} goes in order`)
  }
  for (const one of state.cases) {
    const sent = state.transfers.filter((it) => it.operation === 'submitCase' && it.caseId === one.id)
    law(sent.length <= 1, `${one.matter.code} is sent at most once`)
    law(one.waits.length === 0 || one.state === 'pending', `${one.matter.code} waits only while pending`)
    const upstream = one.waits.flatMap((wait) => ('id' in wait ? [wait.id] : []))
    const dead = state.cases.some((it) => upstream.includes(it.id) && failedStates.has(it.state))
    law(!dead, `${one.matter.code} waits for nobody who failed`)
    const attends = one.waits.some((wait) => wait.for === 'attendance')
    law(!attends || one.mode === 'appointment', `${one.matter.code} waits for nobody to come in vain`)
    const isTimed = one.appointment?.startsAt !== undefined
    law(!attends || !isTimed || ringsOn(one) !== null, `${one.matter.code} waits for nobody without end`)
    law(!one.clock || !settledStates.has(one.state), `${one.matter.code} is settled and runs against nothing`)
    for (const wait of one.waits) {
      const parcel = 'parcel' in wait ? state.parcels.find(({ id }) => id === wait.parcel) : undefined
      law(!parcel || !over.has(parcel.state), `${one.matter.code} waits for a parcel that may come`)
      law(isAsked(state, wait), `${one.matter.code} waits for a registry that is being asked`)
    }
    const registered = state.transfers.filter(
      (it) => it.operation === 'registerCertificate' && it.caseId === one.id,
    )
    law(registered.length <= 1, `the result of ${one.matter.code} is registered at most once`)
    const home = state.parcels.filter((it) => it.direction === 'deliver' && it.caseId === one.id)
    law(home.length <= 1, `${one.matter.code} is posted home at most once`)
  }
  const again = state.transfers.filter((it) => it.operation === 'verifyCertificate' && isOpen(it))
  law(again.length <= 1, 'a certificate is asked about again once at a time')
  const ids = [...state.cases, ...state.transfers, ...state.parcels].map((one) => one.id)
  law(new Set(ids).size === ids.length, 'ids are unique')
  law(state.submission.counts.transfers === state.transfers.length, 'no transfer disappears')
  const allSettled = state.cases.every((one) => settledStates.has(one.state))
  law((state.submission.state === 'open') === !allSettled, 'the submission is open while a case is')
  if (state.cases.every((one) => failedStates.has(one.state)))
    law(state.submission.state === 'refused', 'all refused is refused')
  return said
}

function wentBack(before: Aggregate, now: Aggregate): string[] {
  return before.cases.flatMap((one, i) => {
    const next = now.cases[i]!.state
    const stays = !settledStates.has(one.state) || next === one.state || next === 'closed'
    return stays ? [] : [`${one.matter.code} went from ${one.state} to ${next}`]
  })
}

/** A bell may only end the limit of a paper that nobody wants any more. */
const isQuiet = (type: string): boolean => type.startsWith('transfer.') || type === 'clock.rang'

const statesOf = (state: Aggregate): string => state.cases.map((one) => one.state).join()

t.test('no order of events breaks a law, and nothing throws', async (t) => {
  fc.assert(
    fc.property(moves, (list) => {
      const { life } = liveThrough(list, (life, event, before, decision) => {
        const said = [...broken(life.state), ...wentBack(before, life.state)]
        if (decision.outcome === 'duplicate' || decision.outcome === 'refused') {
          if (life.state !== before || decision.entries.length > 0) said.push('nothing new changes nothing')
        } else if (decision.entries.length === 0 && !isQuiet(event.type))
          said.push(`${event.type} was ${decision.outcome} without an entry`)
        if (event.type !== 'case.rated' && evaluations(before) !== evaluations(life.state))
          said.push('only who was served says how it was')
        if (decision.outcome === 'noted' && statesOf(before) !== statesOf(life.state))
          said.push('what is late moves nothing')
        if (decision.outcome === 'refused' && !(decision.reason?.en && decision.reason.zh))
          said.push('a refusal says why, in both languages')
        if (said.length > 0) throw new Error(`${said.join('; ')} after ${JSON.stringify(event)}`)
      })
      const numbers = life.entries.map((one) => one.number)
      return numbers.every((number, i) => number === i + 1)
    }),
    { numRuns: 600 },
  )
  t.pass()
})

t.test('every event again, at once, changes no state', async (t) => {
  fc.assert(
    fc.property(moves, (list) => {
      liveThrough(list, (life, event, _before, _decision, now) => {
        // A dead letter sent again is a new try, not a repeat.
        if (event.type.startsWith('transfer.')) return
        const { parcels, submission: settled } = life.state
        const [states, count, rolled] = [statesOf(life.state), parcels.length, settled.state]
        life.tell(event, after(now))
        const same =
          statesOf(life.state) === states &&
          life.state.parcels.length === count &&
          life.state.submission.state === rolled
        if (!same) throw new Error(`a repeat moved something: ${JSON.stringify(event)}`)
      })
    }),
    { numRuns: 300 },
  )
  t.pass()
})

t.test('deciding is the same every time', async (t) => {
  fc.assert(
    fc.property(moves, (list) => {
      const [one, other] = [0, 1].map(() => liveThrough(list, () => undefined).life)
      return JSON.stringify(one!.state) === JSON.stringify(other!.state)
    }),
    { numRuns: 100 },
  )
  t.pass()
})
