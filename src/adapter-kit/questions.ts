// Questions without any effect, answered at once to whoever asks: a window, an operator, the platform. Types
// only; adapters import them from contract.ts.

import type {
  CaseContent,
  CertificateContent,
  CertificateGrant,
  ParcelReference,
  PostalParty,
} from './contents.ts'
import type { StoredFile } from './contract.ts'

/** What can be asked, and what is answered. An operation that a system lacks is absent from `Adapter.questions`. */
export interface Questions {
  /**
   * Is the address within reach of pickup and delivery, under this contract? 'rejected' is a refusal of the
   * address, unless it names a `setting`.
   */
  checkAddress: {
    asked: PostalParty & { customerNumber?: string }
    answer: { reachable: boolean; reason?: string }
  }
  /** One line of text to the parts of an address. */
  parseAddress: {
    asked: { text: string }
    answer: { province: string; city: string; county: string; address: string }
  }
  /** Fen. */
  estimateFee: {
    asked: { sender: PostalParty; receiver: PostalParty; weightGrams: number; customerNumber?: string }
    answer: { fee: number }
  }
  /** What the carrier really charged, fen, and weighed, grams. */
  readFee: { asked: ParcelReference; answer: { fee: number; weightGrams?: number } }
  /** The printable label of an order. */
  label: { asked: ParcelReference; answer: StoredFile | { url: string } }
  /** Certificates of a holder that the registry knows. */
  searchCertificates: { asked: CertificateContent; answer: readonly CertificateFacts[] }
  /** One certificate by its GB/T 36904 identifier. */
  verifyCertificate: {
    asked: { identifier: string; purpose: string; grant?: CertificateGrant }
    answer: CertificateVerdict
  }
  /** One certificate by the content of its QR code. */
  verifyCertificateCode: {
    asked: { qrcode: string; purpose: string; grant?: CertificateGrant }
    answer: CertificateVerdict
  }
  /** A copy that somebody brought: was it issued, and is it good? */
  verifyCertificateFile: {
    asked: { file: StoredFile; certificateType: string; purpose: string; grant?: CertificateGrant }
    answer: { status: CertificateFacts['status'] | 'not-found' }
  }
  /** A copy, annotated with the purpose where the registry does so. */
  downloadCertificate: {
    asked: { identifier: string; purpose: string; format: 'ofd' | 'pdf' | 'png'; grant?: CertificateGrant }
    answer: StoredFile
  }
  /**
   * The slots of a department's own booking system for one matter in one division; days are yyyy-MM-dd, both
   * included.
   */
  slots: {
    asked: { matter: CaseContent['matter']; division: string; from: string; to: string }
    answer: readonly BookSlot[]
  }
}
export type Question = keyof Questions

export interface CertificateFacts {
  identifier: string
  type: string
  name: string
  number: string
  holder: string
  status: 'valid' | 'expired' | 'revoked' | 'suspended' | 'restricted' | 'not-activated' | 'unknown'
  issuer?: string
  validFrom?: string
  validUntil?: string
}

/** Registries tell of some certificates only that they are no longer good. */
export type CertificateVerdict = CertificateFacts | { status: CertificateFacts['status'] | 'not-found' }

export interface BookSlot {
  /** The system's own: at most 40 letters, digits and . _ ~ - */
  id: string
  /** ISO 8601 with offset. */
  from: string
  to: string
  /** Seats that are left. */
  free: number
  /** Seats in all, where it says. */
  capacity?: number
  /** Where one has to come to, in a sentence. */
  place?: string
}
