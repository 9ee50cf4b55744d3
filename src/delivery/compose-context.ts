// What every composition reads: the submission as it is now, the document as it was received, and names from
// the settings.

import type { Party, PostalParty, ServiceContent } from '../adapter-kit/contract.ts'
import type { WorkCalendar } from '../domain/calendar.ts'
import type { Catalogue, CertificateType } from '../domain/catalogue.ts'
import type { Aggregate, Case } from '../domain/submission.ts'
import type { PostalContract, Settings } from '../settings/settings.ts'
import { workCalendarOf } from '../settings/work-calendar.ts'
import { officeOf } from './offices.ts'

/** The parts of the normalised submission that are read here. */
export interface ComposeDocument {
  submittedAt?: string
  applicant?: Party & { address?: PostalAddress }
  /** `accepts`: matters that the window may accept in their departments' names. */
  agent?: { hall: string; window: string; clerk: string; accepts?: readonly string[] }
  situations?: Record<string, unknown>
  form?: Record<string, unknown>
  delivery?: {
    collect?: { address?: PostalAddress; from?: string; to?: string }
    return?: { by?: 'post' | 'hall' | 'electronic'; hall?: string; address?: PostalAddress }
  }
}

type PostalAddress = Partial<PostalParty>

export interface ComposeContext {
  aggregate: Aggregate
  document: ComposeDocument
  contract(division: string): PostalContract | undefined
  certificateName(type: string): string
  /** Who decides the matter of a submission, for what is registered in its name. */
  department(matter: string, catalogueVersion: string): { name: string; uscc?: string } | undefined
  /** Who decides it, and within what. */
  office?(matter: string, catalogueVersion: string): Pick<ServiceContent, 'department' | 'limits'>
  /** Where an address is that names no place: halls' did not, before they were made whole at the door. */
  city?: Settings['city']
  /** The days that are worked; without it no limit has a last day. */
  calendar?: WorkCalendar
}

/** The names in the catalogues that submissions were made under. */
export interface CatalogueNames {
  certificateTypes: { get(code: string): CertificateType | undefined }
  of(version: string): Pick<Catalogue, 'departments' | 'matters'>
}

/** Where no other version is known. */
export const onlyCatalogue = (catalogue: Catalogue): CatalogueNames => ({
  certificateTypes: catalogue.certificateTypes,
  of: () => catalogue,
})

/** What of a context comes from the settings. */
export function settledContext(
  { postal, calendar, city }: Pick<Settings, 'postal' | 'calendar' | 'city'>,
  catalogues: CatalogueNames,
): Omit<ComposeContext, 'aggregate' | 'document'> {
  return {
    calendar: workCalendarOf(calendar),
    city,
    contract: (division) => postal.get(division),
    certificateName: (type) => catalogues.certificateTypes.get(type)?.name.zh ?? type,
    office: (matter, version) => officeOf(catalogues.of(version), matter),
    department(matter, version) {
      const { departments, matters } = catalogues.of(version)
      const owner = departments.get(matters.get(matter)?.department ?? '')
      return owner && { name: owner.name.zh, ...(owner.uscc ? { uscc: owner.uscc } : {}) }
    },
  }
}

export function caseOf(id: string, aggregate: Aggregate): Case {
  const one = aggregate.cases.find((c) => c.id === id)
  if (!one) throw new Error(`case ${id} is not in its submission`)
  return one
}

export function applicantOf({ applicant: given }: ComposeDocument): Party {
  if (!given) throw new Error('the document has no applicant')
  const { type, name, idType, idNumber, mobile, contact } = given
  return { type, name, idType, idNumber, ...(mobile ? { mobile } : {}), ...(contact ? { contact } : {}) }
}
