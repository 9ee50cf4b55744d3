// Identity numbers of the invented city: well formed, with right check digits, belonging to nobody we know.
// The same arithmetic is in the gateway's normalisation on purpose twice: a simulator must not borrow the code it tests.

import { between, digits } from '../random.ts'

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const ID_CHECKS = '10X98765432'
const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const USCC_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]

/** 公民身份号码, GB 11643: six digits of the first division, birth date, sequence (odd for men), check character. */
export function idNumber(
  random: () => number,
  about: { division: string; born: string; sex: 'male' | 'female' },
): string {
  const sequence = between(random, 0, 498) * 2 + (about.sex === 'male' ? 1 : 0)
  const body = `${about.division}${about.born.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`
  return body + idCheck(body)
}

/** Whether the eighteen characters are a 公民身份号码 with a right check character and a date that exists. */
export function isIdNumber(text: string): boolean {
  if (!/^\d{17}[\dX]$/.test(text) || idCheck(text.slice(0, 17)) !== text[17]) return false
  const born = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`
  const date = new Date(`${born}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(born)
}

/** 统一社会信用代码, GB 32100: 91 (enterprise) or 92 (个体工商户), division, organisation code, check character. */
export function uscc(random: () => number, division: string, kind: '91' | '92' = '91'): string {
  const organisation = `MA${digits(random, 6)}`
  const body = `${kind}${division}${organisation}${organisationCheck(organisation)}`
  return body + usccCheck(body)
}

/** Whether the eighteen characters are a 统一社会信用代码 with a right check character. */
export function isUscc(text: string): boolean {
  return /^[0-9A-HJ-NPQRTUWXY]{18}$/.test(text) && usccCheck(text.slice(0, 17)) === text[17]
}

/** An eleven digit number in a form that carriers allot. */
export function mobile(random: () => number): string {
  return `1${['38', '39', '58', '59', '76', '87', '99'][between(random, 0, 6)]}${digits(random, 8)}`
}

function idCheck(body: string): string {
  return ID_CHECKS[ID_WEIGHTS.reduce((sum, weight, i) => sum + weight * Number(body[i]), 0) % 11]!
}

function usccCheck(body: string): string {
  const sum = USCC_WEIGHTS.reduce((total, weight, i) => total + weight * USCC_ALPHABET.indexOf(body[i]!), 0)
  return USCC_ALPHABET[(31 - (sum % 31)) % 31]!
}

/** GB 11714; X and a repeated zero stand for ten and eleven. */
function organisationCheck(code: string): string {
  const sum = ORGANISATION_WEIGHTS.reduce((total, weight, i) => total + weight * letterValue(code[i]!), 0)
  const check = 11 - (sum % 11)
  return check === 10 ? 'X' : check === 11 ? '0' : String(check)
}

function letterValue(character: string): number {
  return /\d/.test(character) ? Number(character) : character.charCodeAt(0) - 55
}
