// What the desk reports, as rows of the three tables that the gateway reads. A report counts as taken only when the
// gateway has marked its row as done; one marked unknown or failed is written anew when the desk tries again.

import type { Pool } from 'pg'
import { pause } from '../../caller.ts'
import type { Status } from '../course.ts'
import type { Report, Tell } from '../desk.ts'

interface Written {
  table: string
  guid: string
  /** Columns of this report; `row_guid` is the key, so that a repeated report changes its row. */
  values: Readonly<Record<string, string | number | undefined>>
}

/** Resolves when the row with this key was marked by the gateway, with the mark. */
export type Watch = (table: string, guid: string) => Promise<string>

interface TellParts {
  pool: Pool
  schema: string
  watch: Watch
  stopping: AbortSignal
}

const PAUSE_MS = 200

/** Rejects only when the city stops: while the database is away, the report waits. */
export function exchangeTell(parts: TellParts): Tell {
  return async (report) => {
    const written = writtenOf(report)
    while (!(await wrote(parts, written))) await pause(PAUSE_MS, parts.stopping)
    return (await parts.watch(written.table, written.guid)) === '1'
  }
}

async function wrote({ pool, schema }: TellParts, written: Written): Promise<boolean> {
  try {
    await write(pool, schema, written)
    return true
  } catch {
    return false
  }
}

async function write(pool: Pool, schema: string, { table, guid, values }: Written): Promise<void> {
  const given = Object.entries({ row_guid: guid, ...values, cd_operation: 'I', data_source: 'department' })
  const all = given.filter(([, value]) => value !== undefined)
  const names = [...all.map(([name]) => name), 'is_sync', 'cd_batch']
  const marks = [...all.map((_, i) => `$${i + 1}`), `'0'`, `to_char(now(), 'YYYYMMDDHH24MISS')`]
  const changed = names.filter((name) => name !== 'row_guid').map((name) => `${name} = excluded.${name}`)
  await pool.query(
    `insert into ${schema}.${table} (${names.join(', ')}) values (${marks.join(', ')}) on conflict (row_guid) do update set ${changed.join(', ')}`,
    all.map(([, value]) => value),
  )
}

const resultStatuses: ReadonlySet<Status> = new Set(['40', '50', '60'])

function writtenOf(report: Report): Written {
  if (report.status === '36' || report.status === '38') return specialOf(report)
  const common = { project_no: report.outerNo, cd_time: report.time }
  if (resultStatuses.has(report.status)) {
    const { result } = report
    return {
      table: 'up_pro_result',
      guid: report.eventId,
      values: {
        ...common,
        result_type: report.status,
        result_date: report.time,
        result_explain: report.reason,
        result_cetr_name: result?.name,
        result_cetr_no: result?.number,
        is_delivery_results: result && (result.type === '1' ? '0' : '1'),
      },
    }
  }
  return {
    table: 'up_pro_process',
    guid: report.eventId,
    values: {
      ...common,
      process_name: processNames[report.status],
      event_name: report.status,
      event_end_time: report.time,
      handle_user_name: '窗口工作人员',
      handle_explain: report.reason,
      limit_days: report.limitDays,
      correction_materials: report.materials && JSON.stringify(report.materials),
    },
  }
}

/** Beginning and end of a special procedure are one row, filled in twice. */
function specialOf(report: Report): Written {
  const times =
    report.status === '36' ? { special_time: report.time } : { end_time: report.time, result: '合格' }
  return {
    table: 'up_pro_special_procedure',
    guid: `${report.projectNo}-SP`,
    values: {
      project_no: report.outerNo,
      cd_time: report.time,
      special_type: '36',
      special_name: '现场核查',
      special_reason: report.reason,
      limit_days: report.limitDays,
      ...times,
    },
  }
}

const processNames: Readonly<Partial<Record<Status, string>>> = {
  '28': '补正告知',
  '30': '受理',
  '35': '审查',
  '90': '办结',
  '97': '不予受理',
}
