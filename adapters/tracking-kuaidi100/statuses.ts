// Kuaidi100's states: their number -> our word -> what it means. 0 to 6 are the same everywhere; sources contradict each
// other on 7 (转投 or 清关), 8 and 14, so those, and the finer numbers of resultv2, are told in the setting `states`.
// A state that is not here is a failure for a person, never "in transit".

import type { ParcelEventType, StatusRow } from '../../src/adapter-kit/contract.ts'

interface StateRow extends StatusRow {
  word: ParcelEventType | null
}

const row = (code: string, word: ParcelEventType, zh: string, en: string): StateRow => ({
  code,
  word,
  meaning: { zh, en },
})

export const stateRows: readonly StateRow[] = [
  row('0', 'parcel.in-transit', '在途', 'On the way'),
  row('1', 'parcel.collected', '揽收', 'Taken from the sender'),
  row('2', 'parcel.delivery-failed', '疑难', 'Something is wrong: refused, wrong address, damaged, held up'),
  row('3', 'parcel.delivered', '签收', 'Signed for by the receiver'),
  row('4', 'parcel.returned', '退签', 'Sent back and signed for by the sender'),
  row('5', 'parcel.out-for-delivery', '派件', 'The courier carries it'),
  row('6', 'parcel.returning', '退回', 'On the way back to the sender'),
]

export type StateTable = ReadonlyMap<string, StateRow>

/** The rows of the settings over those above. */
export function stateTable(own: readonly { code: string; word: ParcelEventType | null }[]): StateTable {
  const known = new Map(stateRows.map((one) => [one.code, one]))
  for (const { code, word } of own) {
    const usual = known.get(code)
    const meaning = usual?.word === word ? usual.meaning : { zh: `状态 ${code}`, en: `state ${code}` }
    known.set(code, { code, word, meaning })
  }
  return known
}
