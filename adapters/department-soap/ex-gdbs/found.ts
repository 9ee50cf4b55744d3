// Whether a record that a query found is what we told. Another spelling of it must not be taken for its
// absence: it would be told a second time.

import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'
import { isoOf } from '../local-time.ts'
import type { StepRecord } from './info.ts'
import { stepFields, stepOf, stepRows } from './steps.ts'

type Fields = StepRecord['fields']

/** Undefined: nobody can tell. */
export type Fit = boolean | undefined

export const isOfRound = (found: Fields, { fields }: StepRecord): Fit => sameNumber(found.XH, fields.XH)

/** By its number, else by its code and its second. */
export function isTold(found: Fields, { process, fields }: StepRecord): Fit {
  if (fields.XH) return sameNumber(found.XH, fields.XH)
  const step = stepOf(process)
  const { decides, times = [] } = stepFields[step] ?? {}
  const fits = [
    ...(decides ? [sameCode(step, found[decides], fields[decides])] : []),
    ...times.filter((name) => fields[name]).map((name) => sameMoment(found[name], fields[name])),
  ]
  if (fits.includes(false)) return false
  return fits.includes(undefined) ? undefined : true
}

const withoutZeros = (digits: string): string => digits.replace(/^0+(?=.)/, '')

function sameNumber(theirs = '', ours = ''): Fit {
  return /^\d+$/.test(theirs) ? withoutZeros(theirs) === withoutZeros(ours) : undefined
}

/** A code that the step does not have may be another word for ours. */
function sameCode(step: string, theirs = '', ours = ''): Fit {
  const code = withoutZeros(theirs)
  if (code === ours) return true
  return stepRows.some((row) => row.step === step && row.value === code) ? false : undefined
}

const TO_THE_SECOND = /:\d+:\d|^\d{8} ?\d{6}$/

/** @param ours `yyyy-MM-dd HH:mm:ss` in Beijing */
function sameMoment(theirs = '', ours = ''): Fit {
  const found = readable(theirs)
  if (found === undefined) return undefined
  if (secondOf(found) === secondOf(isoOf(ours))) return true
  const shortened = !TO_THE_SECOND.test(theirs) && found.slice(0, 10) === ours.slice(0, 10)
  return shortened ? undefined : false
}

const secondOf = (iso: string): number => Math.floor(Date.parse(iso) / 1000)

function readable(time: string): string | undefined {
  try {
    return isoOf(time)
  } catch (error) {
    if (error instanceof AdapterFailure) return undefined
    throw error
  }
}
