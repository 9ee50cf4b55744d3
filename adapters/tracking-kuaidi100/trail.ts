// What Kuaidi100 knows of a parcel -> events; the same whether it was asked or called back, so that one scan
// is one event. Scans with a state of their own are an event each; without, only the latest is, with the
// state of the whole parcel.

import { createHash } from 'node:crypto'
import { fromLocal } from '../../src/adapter-kit/beijing-time.ts'
import type { ExternalEvent, Trail } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { record, text } from '../../src/adapter-kit/loose-json.ts'
import { readEach, trailOf } from '../../src/adapter-kit/trail.ts'
import type { StateTable } from './statuses.ts'

const MOST_SCANS = 500

interface Scan {
  /** As it was told. */
  item: unknown
  at: string
  state: string | undefined
  context: string | undefined
  place: string | undefined
}

/**
 * `{nu, com, state, data: [{time, ftime, context, …}]}` to events, and the scans that are not understood.
 * @throws AdapterFailure 'unrecognised' for what has no such shape
 */
export function trailIn(result: unknown, parcelId: string | undefined, table: StateTable): Trail {
  const said = record(result)
  const waybill = text(said.nu)
  const data = said.data ?? []
  if (!waybill || !Array.isArray(data) || data.length > MOST_SCANS) {
    throw new AdapterFailure('unrecognised', '轨迹缺少单号，或不是列表 (no waybill, or no list of scans)')
  }
  const scans = readEach(data, (item) => [scanOf(item)])
  const inOrder = scans.read.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const { read, unread } = readEach(
    judged(inOrder, text(said.state)),
    (scan) => eventOf(scan, waybill, parcelId, table),
    ({ item }) => item,
  )
  return trailOf({ read, unread: [...scans.unread, ...unread] })
}

function scanOf(item: unknown): Scan {
  const said = record(item)
  const at = fromLocal(text(said.ftime) ?? text(said.time) ?? '')
  if (!at) throw new AdapterFailure('unrecognised', '轨迹没有时间 (a scan has no time)')
  return {
    item,
    at,
    state: text(said.statusCode),
    context: text(said.context),
    place: text(said.areaName) ?? text(said.location),
  }
}

function judged(scans: readonly Scan[], whole: string | undefined): readonly Scan[] {
  const own = scans.filter(({ state }) => state !== undefined)
  const latest = scans.at(-1)
  if (own.length > 0 || !latest) return own
  if (whole === undefined) throw new AdapterFailure('unrecognised', '轨迹没有状态 (there is no state)')
  return [{ ...latest, state: whole }]
}

function eventOf(
  { at, state = '', context, place }: Scan,
  waybill: string,
  parcelId: string | undefined,
  table: StateTable,
): ExternalEvent[] {
  const row = table.get(state)
  if (!row) {
    const what = `未知状态 ${state.slice(0, 10)}，请在设置 states 中说明 (unknown state)`
    throw new AdapterFailure('unrecognised', what, { code: state })
  }
  if (row.word === null) return []
  const reason = row.word === 'parcel.delivery-failed' ? context : undefined
  return [
    {
      id: createHash('sha256').update([waybill, state, at].join('\n')).digest('hex').slice(0, 32),
      type: row.word,
      at,
      reference: waybill,
      ...(parcelId === undefined ? {} : { parcelId }),
      detail: {
        ...(reason ? { reason } : {}),
        ...(place ? { place } : {}),
        more: { state, stateName: row.meaning.zh },
      },
    },
  ]
}
