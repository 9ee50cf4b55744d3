// The invented people and firms who apply: by seed, so that the same run can be made again.

import { between, pick } from '../random.ts'
import { familyNameOf, firmName, personName, type Sex, shopName } from './names.ts'
import { idNumber, mobile, uscc } from './numbers.ts'
import { type Address, addressIn, type Place, places } from './places.ts'

export interface Person {
  name: string
  sex: Sex
  /** ISO date. */
  born: string
  idNumber: string
  mobile: string
  home: Place
  address: Address
}

interface Organisation {
  name: string
  uscc: string
  contact: Person
}

interface Newborn {
  name: string
  sex: Sex
  /** ISO date and time with offset. */
  bornAt: string
  weightGrams: number
}

/** Divisions on old cards too: 410211 and 410224 were abolished, their numbers live on. */
const OLD_DIVISIONS: Readonly<Record<string, string>> = { 410202: '410211', 410212: '410224' }
const OLD_CARD_SHARE = 0.3
const LAST_YEAR_OF_OLD_CARDS = 2014

export function person(
  random: () => number,
  ages: { youngest: number; oldest: number },
  today: Date,
): Person {
  const sex: Sex = random() < 0.5 ? 'male' : 'female'
  const home = pick(random, places)
  const year = today.getUTCFullYear() - between(random, ages.youngest, ages.oldest) - 1
  const born = `${year}-${two(between(random, 1, 12))}-${two(between(random, 1, 28))}`
  const old = OLD_DIVISIONS[home.division]
  const division = old && year < LAST_YEAR_OF_OLD_CARDS && random() < OLD_CARD_SHARE ? old : home.division
  return {
    name: personName(random, sex),
    sex,
    born,
    idNumber: idNumber(random, { division, born, sex }),
    mobile: mobile(random),
    home,
    address: addressIn(random, home),
  }
}

export function organisation(random: () => number, contact: Person): Organisation {
  return { name: firmName(random), uscc: uscc(random, contact.home.division), contact }
}

export function shop(random: () => number): string {
  return shopName(random)
}

export function newborn(random: () => number, parent: Person, today: Date): Newborn {
  const sex: Sex = random() < 0.5 ? 'male' : 'female'
  const day = new Date(today.getTime() - between(random, 3, 40) * 86_400_000).toISOString().slice(0, 10)
  return {
    name: personName(random, sex, familyNameOf(parent.name)),
    sex,
    bornAt: `${day}T${two(between(random, 0, 23))}:${two(between(random, 0, 59))}:00+08:00`,
    weightGrams: between(random, 2500, 4300),
  }
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
