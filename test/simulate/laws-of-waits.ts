// What a case may wait for: only what can still come.

import { settledStates } from '../../src/domain/case-states.ts'
import { lastLink } from '../../src/domain/paper.ts'
import type { Aggregate, Case, Parcel, Transfer, Wait } from '../../src/domain/submission.ts'
import { law } from './law.ts'

export function checkWaits(one: Case, { cases, materials, parcels }: Aggregate): void {
  for (const wait of one.waits) {
    if (wait.for === 'case' || wait.for === 'result') {
      const other = cases.find(({ id }) => id === wait.id)
      law(other !== undefined && other !== one, 'what is waited for exists', () => JSON.stringify(wait))
      law(!settledStates.has(other!.state), 'nobody waits for a case that has ended', () => other!.state)
    }
    if ('parcel' in wait) checkParcel(wait.parcel, parcels)
    else if (wait.for === 'paper') checkByHand(wait.material, cases)
    if (wait.for === 'attendance')
      law(
        one.mode === 'appointment' && one.appointment?.state !== 'attended',
        'nobody is waited for in vain',
        () => `${one.mode} ${one.appointment?.state}`,
      )
    if ('material' in wait) {
      const exists = materials.some(({ code }) => code === wait.material)
      law(exists, 'what is waited for exists', () => JSON.stringify(wait))
    }
    if (wait.for === 'supplement') {
      const isAsked = one.asked.some(({ code }) => code === wait.material)
      law(isAsked, 'whoever is waited for was asked', () => wait.material)
    }
  }
}

/** Whatever ends a parcel ends the waiting for it. */
const over: ReadonlySet<Parcel['state']> = new Set(['delivered', 'lost', 'returned', 'cancelled'])

function checkParcel(id: string, parcels: readonly Parcel[]): void {
  const parcel = parcels.find((one) => one.id === id)
  law(parcel !== undefined, 'what is waited for exists', () => id)
  law(!over.has(parcel!.state), 'nobody waits for a parcel that will not come', () => parcel!.state)
}

/**
 * Watched while the applicant or a window has it; once the applicant's time is up he is asked, and waited for
 * otherwise.
 */
function checkByHand(material: string, cases: readonly Case[]): void {
  const paper = cases.flatMap(({ papers = [] }) => papers).find((one) => one.material === material)
  law(paper?.byHand === true, 'a paper that is waited for is brought by somebody', () => material)
  const isWithDepartment = lastLink(paper!)?.to.kind === 'department'
  law(!isWithDepartment, 'nobody waits for a paper that is there', () => material)
  const isForgotten = !paper!.awaits || (paper!.awaits.from === 'applicant' && paper!.awaits.alarm)
  law(!isForgotten, 'a paper that is waited for is watched', () => JSON.stringify(paper))
}

/** Registries are asked in transfers, and so must be looked at whenever those change. */
export function checkRegistries({ cases, transfers, materials }: Aggregate): void {
  const open = transfers.filter(isOpenLookUp)
  for (const { about } of open) {
    const code = 'material' in about ? about.material : ''
    const needs = materials.find((one) => one.code === code)?.cases ?? []
    const isNeeded = cases.some(({ id, state }) => needs.includes(id) && !settledStates.has(state))
    law(isNeeded, 'a registry is asked for somebody', () => code)
  }
  for (const { waits } of cases)
    for (const wait of waits)
      if (isForRegistry(wait)) {
        const isAsked = open.some(({ about }) => 'material' in about && about.material === wait.material)
        law(isAsked, 'nobody waits for a registry that is not asked', () => wait.material)
      }
  if (open.length < 2) return
  const again = open.flatMap(({ operation, about }) =>
    operation === 'verifyCertificate' && 'material' in about ? [about.material] : [],
  )
  const isOnce = new Set(again).size === again.length
  law(isOnce, 'a certificate is asked about again once at a time', () => again.join(' '))
}

const isOpenLookUp = ({ operation, state }: Transfer): boolean =>
  (operation === 'obtainCertificate' || operation === 'verifyCertificate') &&
  (state === 'held' || state === 'due' || state === 'dead')

const isForRegistry = (wait: Wait): wait is Wait & { material: string } =>
  wait.for === 'certificate' || wait.for === 'recheck' || (wait.for === 'supplement' && !!wait.orCertificate)
