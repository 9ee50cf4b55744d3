// The settings of a rating system, and what holds where they are silent.

import type { ServiceContent } from '../../src/adapter-kit/contract.ts'
import type { FailureKind } from '../../src/adapter-kit/failures.ts'
import type { TlsOptions } from '../../src/adapter-kit/http.ts'

/** `settings:` of a system whose adapter is rating-haochaping. */
export interface HaochapingSettings {
  /** Given to the connection by the kit. */
  tls?: TlsOptions
  /** The whole address that services are pushed to. */
  url: string
  appMark: string
  appWord: string
  /** Of time + appMark + appWord, in hexadecimal. */
  digest: 'sm3' | 'sha256' | 'md5'
  letters?: 'lower' | 'upper'
  /** `proStatus` of a case that was taken, and of one that has ended. */
  proStatus?: { taken?: string; ended?: string }
  /** `proChannel` by our mode; left out where there is none. */
  channels?: Partial<Record<ServiceContent['mode'], string>>
  /** Meanings of C-Response-Desc beside `success`. */
  answers?: readonly { desc: string; means: Meaning }[]
  /** C-Response-Desc by which it refuses a record that lacks every field: what `check` is told where all is well. */
  checkAnswer?: string
}

export const meanings = ['done', 'duplicate', 'unavailable', 'throttled', 'rejected', 'unauthorised'] as const
export type Meaning = 'done' | 'duplicate' | Extract<FailureKind, (typeof meanings)[number]>
