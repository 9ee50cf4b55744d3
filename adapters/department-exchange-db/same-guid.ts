// An event is known by the guid of its row. A row without one, and rows that say different things under one guid, are
// refused: whichever was taken, another would count as told. Pure.

import type { PolledItem } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Row } from './database.ts'
import { evidenceOf, itemOf, type Reader } from './events.ts'
import type { Table } from './layout.ts'

/** @param sameGuid rows that the server holds for rows of one guid; the very same row twice is one */
export function itemsOf(
  reader: Reader,
  table: Table,
  sameGuid: readonly Row[],
  keyOf: (row: Row) => string,
): PolledItem[] {
  const failure = refusalOf(sameGuid)
  if (failure) return sameGuid.map((row) => ({ ...evidenceOf(table, row, keyOf(row)), events: [], failure }))
  return sameGuid.slice(0, 1).map((row) => itemOf(reader, table, row, keyOf(row)))
}

function refusalOf(rows: readonly Row[]): AdapterFailure | undefined {
  if (rows.some(({ row_guid }) => !row_guid?.trim()))
    return new AdapterFailure(
      'unrecognised',
      'row_guid 为空，无法辨认该行 (row_guid is empty: the row is not known)',
    )
  if (new Set(rows.map((row) => JSON.stringify(row))).size > 1)
    return new AdapterFailure(
      'unrecognised',
      'row_guid 与另一行相同，无法辨认该行 (another row has the same row_guid: neither is known)',
    )
  return undefined
}
