// Telephone numbers as people write them to one form: mobiles as eleven digits, landlines as area-number[-extension],
// foreign ones in E.164. Nothing is looked up; a number that fits no plan is refused.

import { type Fault, fault } from './rule.ts'

const MOBILE = /^1[3-9]\d{9}$/
const FOREIGN = /^\+(?!86)[1-9]\d{6,14}$/
const SERVICE = /^(?:[48]00\d{7}|9\d{4,5}|1(?:00|2)\d{2,3})$/
const LANDLINE = /^(0(?:10|2\d|[3-9]\d{2}))?([2-9]\d{6,7})(?:-(\d{1,6}))?$/
const EXTENSION = /(?:转|ext\.?|x|#|-)(\d{1,6})$/i
const COUNTRY_CODE = /^(?:\+|00)86|^86(?=1[3-9]\d{9}$)/

/** Longer texts are no numbers; also keeps the patterns cheap on hostile ones. */
const LONGEST = 48

/** Eleven digits; fault `invalid-phone`. */
export function mobile(text: string): string | Fault {
  if (text.length > LONGEST) return notMobile
  const number = withoutCountry(squeeze(text))
  return MOBILE.test(number) ? number : notMobile
}

/** Mobile, landline with area code, service number or foreign number; fault `invalid-phone`. */
export function phone(text: string): string | Fault {
  if (text.length > LONGEST) return notPhone
  const squeezed = squeeze(text)
  const number = withoutCountry(squeezed)
  if (MOBILE.test(number) || SERVICE.test(number) || FOREIGN.test(number)) return number
  return landline(squeezed === number ? text : text.replace(/^\s*(?:\+|00)86[\s-]*/, '0').replace(/^00/, '0'))
}

function landline(text: string): string | Fault {
  const spaced = text.replace(/[\s()]/g, '')
  const extension = extensionOf(spaced)
  const main = extension === undefined ? spaced : spaced.replace(EXTENSION, '')
  const match = LANDLINE.exec(main.replaceAll('-', '') + (extension === undefined ? '' : `-${extension}`))
  if (match === null) return notPhone
  const [, area, local, inner] = match
  return `${area === undefined ? '' : `${area}-`}${local}${inner === undefined ? '' : `-${inner}`}`
}

/** `0371-23881234-801` and `0371-23881234转801` have one; `0371-23881234` and `2388-1234` have none. */
function extensionOf(text: string): string | undefined {
  const found = EXTENSION.exec(text)
  if (found === null) return undefined
  const before = text.slice(0, found.index).replaceAll('-', '')
  return /^(?:0\d{2,3})?[2-9]\d{6,7}$/.test(before) ? found[1] : undefined
}

function squeeze(text: string): string {
  return text.replace(/[\s().·-]/g, '')
}

function withoutCountry(number: string): string {
  return number.replace(COUNTRY_CODE, '')
}

const notMobile = fault(
  'invalid-phone',
  'is not a mobile number of mainland China: eleven digits beginning with 1',
  '不是 11 位手机号码',
)
const notPhone = fault(
  'invalid-phone',
  'is not a telephone number: a mobile, or a landline with its area code such as 0371-23881234',
  '电话号码有误，请填写手机号或带区号的固定电话，如 0371-23881234',
)
