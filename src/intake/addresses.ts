// 邮寄地址: where a parcel is fetched and where it goes. What an address does not spell out follows from its division code or
// from how its text begins; what cannot be found out is asked for now, for no carrier takes an order without it.

import type { CanonicalSubmission, PostalAddress } from '../../schemas/types.ts'
import type { Catalogue, Division } from '../domain/catalogue.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'

/** The city whose halls these are: an address without province and city lies in it. */
const [PROVINCE, CITY] = ['河南省', '开封市']

type Divisions = Pick<Catalogue, 'divisions'>
type Delivery = NonNullable<CanonicalSubmission['delivery']>

/** Post needs whole addresses, and a time span runs forwards. */
export function checkDelivery(
  { delivery, applicant }: CanonicalSubmission,
  catalogue: Divisions,
): FieldError[] {
  const errors: FieldError[] = []
  const { collect, return: back } = delivery ?? {}
  if (back?.by === 'post') errors.push(...checkAddress('/delivery/return/address', back.address, catalogue))
  if (collect) {
    const address = fetchedFrom(collect, applicant)
    errors.push(...checkAddress('/delivery/collect/address', address, catalogue))
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

function checkAddress(at: string, address: PostalAddress | undefined, catalogue: Divisions): FieldError[] {
  if (address?.address === undefined) return [streetMissing(at)]
  const { province, city, county } = located(address, catalogue)
  if (!province || !city) return [placeMissing(at)]
  return isOurs({ province, city }) && !county ? [countyMissing(at)] : []
}

/** The address with what follows from its division and its text; nothing that was given is changed. */
export function located(address: PostalAddress, { divisions }: Divisions): PostalAddress {
  const { division, province, city, county } = address
  if (province && city && county) return address
  const ours = countyOf(address, divisions)
  if (ours) return { province: PROVINCE, city: CITY, county: ours, ...address }
  const elsewhere = division !== undefined && !divisions.has(division)
  if (elsewhere || !isOurs(address)) return address
  return { province: PROVINCE, city: CITY, ...address }
}

/** Without a word of another province or city it is ours. */
const isOurs = ({ province = PROVINCE, city = CITY }: PostalAddress): boolean =>
  PROVINCE.startsWith(province) && CITY.startsWith(city)

/** By its code, of old or of now, else by the first words of its text. */
function countyOf(address: PostalAddress, divisions: ReadonlyMap<string, Division>): string | undefined {
  const { division, address: text = '' } = address
  if (!isOurs(address)) return undefined
  const counties = [...divisions.values()].filter(({ name }) => name.zh !== CITY)
  if (division !== undefined)
    return counties.find(({ code, aliases }) => code === division || aliases.includes(division))?.name.zh
  const rest = text.replace(/\s/g, '').replace(/^(河南省?)?(开封市?)?/, '')
  return counties.find(({ name }) => rest.startsWith(name.zh))?.name.zh
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
