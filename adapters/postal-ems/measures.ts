// Money and weight as the carrier writes them, to fen and grams: exactly, without floating point.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { text } from '../../src/adapter-kit/loose-json.ts'

/** Fen. @throws AdapterFailure 'unrecognised' for anything but an amount of at most two decimal places */
export function fenOf(value: unknown, unit: 'yuan' | 'fen'): number {
  const [, whole, part = ''] = /^(\d{1,9})(?:\.(\d{1,20}))?$/.exec((text(value) ?? '').trim()) ?? []
  const decimals = part.replace(/0+$/, '')
  const most = unit === 'yuan' ? 2 : 0
  if (!whole || decimals.length > most) {
    throw new AdapterFailure('unrecognised', '费用不是金额 (the fee is no amount)')
  }
  return Number(whole + decimals.padEnd(most, '0'))
}

/**
 * Whole grams; undefined when the carrier says nothing. @throws AdapterFailure 'unrecognised' for anything
 * but a number
 */
export function gramsOf(value: unknown): number | undefined {
  const said = text(value)?.trim()
  if (said === undefined) return undefined
  if (!/^\d{1,8}(\.\d{1,6})?$/.test(said)) {
    throw new AdapterFailure('unrecognised', '重量不是数字 (the weight is no number)')
  }
  return Math.round(Number(said))
}
