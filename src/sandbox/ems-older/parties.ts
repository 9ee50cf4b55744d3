// What both older generations insist on of a sender and a receiver.

import type { PartyForm } from '../ems/order-form.ts'

export type Fields = Record<string, unknown>

export function complaintsAbout(party: unknown, role: string, needed: readonly string[]): string[] {
  const who = fieldsOf(party)
  const phone = String(who.mobile ?? '')
  return [
    ...needed.filter((name) => !isText(who[name])).map((name) => `${role}.${name}`),
    ...(/^[+\d][\d-]{6,19}$/.test(phone) ? [] : [`${role}.mobile`]),
  ]
}

/** As the books keep it; one generation has no field for the county. */
export function partyOf(party: unknown): PartyForm {
  const who = fieldsOf(party)
  const text = (name: string) => String(who[name] ?? '')
  const [name, prov, city] = [text('name'), text('prov'), text('city')]
  return { name, prov, city, county: text('county'), address: text('address') }
}

export const isText = (value: unknown): boolean =>
  typeof value === 'string' && value.trim() !== '' && value.length <= 200

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {}
