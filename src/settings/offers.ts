// The slots that a hall publishes, as config/halls has them: for matters that are done by appointment, in hours that run
// forwards, do not overlap and are long enough for one slot.

import type { HallsFile } from '../../schemas/types.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { minutesOf, type Offer } from '../domain/slots.ts'
import { kinds, refer, referOnce } from './references.ts'
import type { Source } from './yaml-source.ts'

type Written = NonNullable<HallsFile['halls'][number]['appointments']>[number]

/** `pointer` is that of the hall. */
export function offersOf(
  source: Source,
  pointer: string,
  written: readonly Written[],
  catalogue: Catalogue | undefined,
): Offer[] {
  const seen = new Map<string, string>()
  return written.map((one, index): Offer => {
    const at = `${pointer}/appointments/${index}`
    referOnce(seen, source, `${at}/code`, { en: 'slots', zh: '号源' }, one.code)
    if (catalogue) checkMatters(source, at, one, catalogue)
    checkHours(source, at, one)
    return { aheadDays: 14, holdMinutes: 10, ...one }
  })
}

function checkMatters(source: Source, at: string, { matters }: Written, catalogue: Catalogue): void {
  for (const [index, code] of matters.entries())
    if (code !== '*') referBookable(source, `${at}/matters/${index}`, code, catalogue)
}

/** A matter that there is, and that is done by appointment. */
export function referBookable(
  source: Source,
  pointer: string,
  code: string,
  catalogue: Pick<Catalogue, 'matters'>,
): void {
  if (!refer(source, pointer, kinds.matter, code, catalogue.matters)) return
  if (catalogue.matters.get(code)!.modes.includes('appointment')) return
  source.report(
    pointer,
    `${code} is not done by appointment: its modes do not have it`,
    `事项 ${code} 不支持网上预约（modes 中没有 appointment）`,
  )
}

function checkHours(source: Source, at: string, { hours, minutes }: Written): void {
  let before = -1
  for (const [index, span] of hours.entries()) {
    const pointer = `${at}/hours/${index}`
    const [opens, closes] = minutesOf(span)
    if (closes - opens < minutes)
      source.report(
        pointer,
        `${span} is shorter than one slot of ${minutes} minutes`,
        `${span} 不足一个 ${minutes} 分钟的时段`,
      )
    else if (opens < before)
      source.report(
        pointer,
        `${span} begins before the one above ends: put the hours in order`,
        `${span} 与前一时段重叠或顺序颠倒`,
      )
    before = Math.max(before, closes)
  }
}
