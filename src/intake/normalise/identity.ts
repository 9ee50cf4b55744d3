// Numbers that name a person or an organisation: resident identity cards (GB 11643-1999), unified social credit
// codes (GB 32100-2015), and the rest, which have no check digit we could prove. Citizen entry is refused on a wrong
// check digit; data that comes from departments must not pass through here.

import { daysInMonth } from './dates.ts'
import { type Fault, fault } from './rule.ts'

/** 公民身份号码 and 统一社会信用代码 among the holder code types. */
export const RESIDENT_ID = '111'
export const USCC = '001'

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const ID_CHECKS = '10X98765432'
const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const USCC_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
const FIRST_BIRTH_YEAR = 1850

/** The number in its canonical form by holder code type; faults `invalid-id-number` and `invalid-uscc`. */
export function idNumber(idType: unknown, text: string): string | Fault {
  if (idType === RESIDENT_ID) return residentId(text)
  if (idType === USCC) return uscc(text)
  const number = compact(text)
  return /^[\dA-Z()/\u4e00-\u9fff.]{1,32}$/.test(number) ? number : otherNumber
}

/** 18 characters, upper-case X. Fifteen-digit numbers of before 1999 are refused: they were all replaced. */
export function residentId(text: string): string | Fault {
  const number = compact(text)
  if (/^\d{15}$/.test(number)) return fifteenDigits
  if (number.includes('*')) return masked
  if (!/^[1-9]\d{16}[\dX]$/.test(number)) return notResidentId
  if (!bornOnARealDay(number)) return badBirthDate
  return ID_CHECKS[weighted(number, ID_WEIGHTS, ID_CHECK_DIGITS) % 11] === number[17] ? number : badIdCheck
}

/** 18 characters of the GB 32100 alphabet with a true check character. */
export function uscc(text: string): string | Fault {
  const code = compact(text)
  if (!/^[0-9A-HJ-NP-RTUWXY]{18}$/.test(code)) return notUscc
  const sum = weighted(code, USCC_WEIGHTS, USCC_ALPHABET)
  return USCC_ALPHABET[(31 - (sum % 31)) % 31] === code[17] ? code : badUsccCheck
}

const ID_CHECK_DIGITS = '0123456789'

function weighted(text: string, weights: readonly number[], alphabet: string): number {
  let sum = 0
  for (let i = 0; i < weights.length; i++) sum += alphabet.indexOf(text[i]!) * weights[i]!
  return sum
}

function bornOnARealDay(number: string): boolean {
  const year = Number(number.slice(6, 10))
  const month = Number(number.slice(10, 12))
  const day = Number(number.slice(12, 14))
  return year >= FIRST_BIRTH_YEAR && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
}

function compact(text: string): string {
  return text.replace(/[\s-]/g, '').toUpperCase()
}

const fifteenDigits = fault(
  'invalid-id-number',
  'is a fifteen-digit number of before 1999; use the eighteen-digit number',
  '是 15 位旧身份证号，请填写 18 位公民身份号码',
)
const masked = fault(
  'invalid-id-number',
  'is masked; the full number is needed',
  '身份证号含有掩码，请填写完整号码',
)
const notResidentId = fault(
  'invalid-id-number',
  'is not an eighteen-character identity card number',
  '不是 18 位公民身份号码',
)
const badBirthDate = fault(
  'invalid-id-number',
  'holds a date of birth that does not exist',
  '身份证号中的出生日期不存在',
)
const badIdCheck = fault(
  'invalid-id-number',
  'has a wrong check digit; one of its characters is mistyped',
  '身份证号校验位不符，请核对是否输错',
)
const notUscc = fault(
  'invalid-uscc',
  'is not an eighteen-character unified social credit code (letters I, O, S, V and Z do not occur)',
  '不是 18 位统一社会信用代码（不含字母 I、O、S、V、Z）',
)
const badUsccCheck = fault(
  'invalid-uscc',
  'has a wrong check character; one of its characters is mistyped',
  '统一社会信用代码校验位不符，请核对是否输错',
)
const otherNumber = fault(
  'invalid-id-number',
  'is not a document number: letters and digits, at most 32',
  '证件号码应为字母或数字，不超过 32 位',
)
