// 邮寄地址: where a parcel is fetched and where it goes. What an address does not spell out follows from its division code or
// from how its text begins; what cannot be found out is asked for now, for no carrier takes an order without it.

import type { CanonicalSubmission, PostalAddress } from '../../schemas/types.ts'
import type { Catalogue, Division } from '../domain/catalogue.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import type { City } from '../settings/settings.ts'

/** Where halls and divisions are. Without a city every address has to spell out its own. */
export interface Here extends Pick<Catalogue, 'divisions'> {
  city: City | null
}

type Delivery = NonNullable<CanonicalSubmission['delivery']>

/** Post needs whole addresses, and a time span runs forwards. */
export function checkDelivery({ delivery, applicant }: CanonicalSubmission, here: Here): FieldError[] {
  const errors: FieldError[] = []
  const { collect, return: back } = delivery ?? {}
  if (back?.by === 'post') errors.push(...checkAddress('/delivery/return/address', back.address, here))
  if (collect) {
    const address = fetchedFrom(collect, applicant)
    errors.push(...checkAddress('/delivery/collect/address', address, here))
  }
  const { from, to } = collect ?? {}
  if (from !== undefined && to !== undefined && Date.parse(to) <= Date.parse(from))
    errors.push(pickupBackwards)
  return errors
}

/** Where the carrier fetches paper: at the applicant's own address where no other street is given. */
export function fetchedFrom(
  { address }: NonNullable<Delivery['collect']>,
  applicant: CanonicalSubmission['applicant'] | undefined,
): PostalAddress {
  return address.address === undefined ? { ...applicant?.address, ...address } : address
}

function checkAddress(at: string, address: PostalAddress | undefined, here: Here): FieldError[] {
  if (address?.address === undefined) return [streetMissing(at)]
  const { province, city, county } = located(address, here)
  if (!province || !city) return [placeMissing(at)]
  return here.city && isOurs({ province, city }, here.city) && !county ? [countyMissing(at)] : []
}

/** The address with what follows from its division and its text; nothing that was given is changed. */
export function located(address: PostalAddress, { divisions, city: here }: Here): PostalAddress {
  const { division, province, city, county } = address
  if (here === null || (province && city && county)) return address
  const ours = countyOf(address, here, divisions)
  const place = { province: here.province, city: here.name }
  if (ours) return { ...place, county: ours, ...address }
  const elsewhere = division !== undefined && !divisions.has(division)
  return elsewhere || !isOurs(address, here) ? address : { ...place, ...address }
}

/** Without a word of another province or city it is ours. */
const isOurs = ({ province = '', city = '' }: PostalAddress, here: City): boolean =>
  here.province.startsWith(province) && here.name.startsWith(city)

/** By its code, of old or of now, else by the first words of its text. */
function countyOf(
  address: PostalAddress,
  here: City,
  divisions: ReadonlyMap<string, Division>,
): string | undefined {
  const { division, address: text = '' } = address
  if (!isOurs(address, here)) return undefined
  const counties = [...divisions.values()].filter(({ name }) => name.zh !== here.name)
  if (division !== undefined)
    return counties.find(({ code, aliases }) => code === division || aliases.includes(division))?.name.zh
  const rest = afterCity(text.replace(/\s/g, ''), here)
  return counties.find(({ name }) => rest.startsWith(name.zh))?.name.zh
}

/** What kind of place it is, which people leave out: 河南, 开封, 内蒙古, 广西. */
const KIND = /(省|市|地区|盟|自治州|(维吾尔|壮族|回族)?自治区|特别行政区)$/
const saidAs = (name: string): string[] => [name, name.replace(KIND, ''), '']

/** The text after province and city, as far as it begins with them; 吉林市 begins with no 吉林省. */
function afterCity(text: string, { province, name }: City): string {
  const heads = saidAs(province).flatMap((one) => saidAs(name).map((other) => one + other))
  const said = heads.filter((head) => text.startsWith(head)).map(({ length }) => length)
  return text.slice(Math.max(...said))
}

const streetMissing = (at: string): FieldError =>
  fieldError(
    at,
    'address-missing',
    'Post needs an address: street and number in `address`',
    '邮寄须填写地址（街道门牌填入 address）',
  )
const placeMissing = (at: string): FieldError =>
  fieldError(
    at,
    'address-incomplete',
    'An address outside this city needs province and city, and county where there is one',
    '外地地址须填写省、市，有县（区）的还须填写县（区）',
  )
const countyMissing = (at: string): FieldError =>
  fieldError(
    `${at}/county`,
    'address-incomplete',
    'An address of this city needs its county, or the code of it in `division`',
    '本市地址须填写县（区），或在 division 中填写区划代码',
  )
const pickupBackwards = fieldError(
  '/delivery/collect/to',
  'span-backwards',
  'ends before it begins',
  '取件时间止不能早于时间起',
)
