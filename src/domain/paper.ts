// One paper of a case, and who has held it: the chain of hand-overs as they were told. A paper given in goes
// applicant → (window) → carrier → department; a result on paper goes department → carrier → applicant.
// Plain data and what can be read from it; what an event does to it is in custody.ts.

export const keeperKinds = ['applicant', 'window', 'carrier', 'department'] as const
export type KeeperKind = (typeof keeperKinds)[number]

/** Who holds a paper. */
export interface Keeper {
  kind: KeeperKind
  /** Windows: code of the hall, and of the window in it. */
  hall?: string
  window?: string
  /** Carriers and departments: id of the system, where it is one of ours. */
  system?: string
  /** Who of them, as short as will do: a clerk's name, an applicant's family name. Never published. */
  person?: string
}

export interface Link {
  from: Keeper
  to: Keeper
  /** When it happened, as told. */
  at: string
  place?: string
  waybill?: string
  /** The parcel whose tracking tells it. */
  parcel?: string
  note?: string
  /** Who told: `client:<id>`, `system:<id>`. */
  by: string
  /** It did not begin where the link before had ended. */
  gap?: true
  /** The other side told the same. */
  confirmed?: { by: string; at: string }
  /** The carrier took its report back; kept, but it counts no more. */
  takenBack?: true
}

export interface Paper {
  /** Code of the material; absent for the result of the case. */
  material?: string
  name: string
  links: readonly Link[]
  /** Its case waits for it, and no parcel fetches it: the applicant brings it, or has it brought. */
  byHand?: true
  /** The hand-over, or the receipt, that must come next, and until when. */
  awaits?: Awaited
}

export interface Awaited {
  /** Who has to act: whoever holds it. */
  from: KeeperKind
  /** Working days from the day it was handed over; days are yyyy-MM-dd in China's time. */
  since: string
  days: number
  dueOn: string
  /** Id of the entry that told that it is overdue. */
  alarm?: string
}

/** How long each may hold a paper, working days; what is absent is not watched. */
export interface CustodyLimits {
  /** Until the carrier has fetched what the applicant sends. */
  applicantDays?: number
  /** Until a window has sent on what it took in. */
  windowDays?: number
  /** Until the carrier has delivered. */
  carrierDays?: number
  /** Until a department has sent a result on paper. */
  departmentDays?: number
  /** Until a department has confirmed what the carrier says it delivered. */
  receiptDays?: number
}

/** 收件, 交寄, 签收, 送还, 转交. */
const handOverKinds = ['taken-in', 'sent', 'received', 'given-back', 'passed-on'] as const
export type HandOverKind = (typeof handOverKinds)[number]

export function kindOf({ from, to }: Pick<Link, 'from' | 'to'>): HandOverKind {
  if (from.kind === 'applicant' && to.kind === 'window') return 'taken-in'
  if (to.kind === 'carrier') return 'sent'
  if (to.kind === 'applicant') return 'given-back'
  return from.kind === 'carrier' ? 'received' : 'passed-on'
}

export const standing = ({ takenBack }: Link): boolean => !takenBack

export const lastLink = ({ links }: Paper): Link | undefined => links.findLast(standing)

/** Who holds it now, as far as was told. `department` is the system of its case. */
export function keeperOf(paper: Paper, department: string): Keeper {
  const last = lastLink(paper)
  if (last) return last.to
  return paper.material === undefined ? { kind: 'department', system: department } : { kind: 'applicant' }
}

/** The same place, as far as both sides say which; who exactly does not matter. */
export function sameKeeper(one: Keeper, other: Keeper): boolean {
  const agree = (a: string | undefined, b: string | undefined): boolean =>
    a === undefined || b === undefined || a === b
  return (
    one.kind === other.kind &&
    agree(one.hall, other.hall) &&
    agree(one.window, other.window) &&
    agree(one.system, other.system)
  )
}

/** It has been where it was to go, and only comes back from there, until the applicant gives it once more. */
export function isOnItsWayBack({ material, links }: Paper): boolean {
  if (material === undefined) return true
  const been = links.findLastIndex((one) => standing(one) && one.to.kind === 'department')
  return been !== -1 && been >= links.findLastIndex((one) => standing(one) && one.from.kind === 'applicant')
}

/** A keeper without the person: what may be told to others. */
export function placeOf({ person: _, ...place }: Keeper): Omit<Keeper, 'person'> {
  return place
}
