// What the department's tables hold of one day, for reconciliation: the day of the last exchange of each case.

import type { Attempt, ListedItem } from '../../src/adapter-kit/contract.ts'
import { codeColumns, type PolledKey } from './columns.ts'
import type { Database, Row, Session } from './database.ts'
import type { Layout } from './layout.ts'
import { readMoment } from './local-time.ts'
import { join, name, oneOf, type Statement, sql, whole } from './sql.ts'

const DAY_MS = 24 * 3600 * 1000
/** Of each page's cases: more steps than a case has. */
const STEPS_A_CASE = 50

/** Page after page by the case's number; each page is a session of its own. */
export async function* listDay(
  layout: Layout,
  database: Database,
  day: string,
  attempt: Attempt,
): AsyncGenerator<ListedItem> {
  let after = ''
  for (;;) {
    const last = after
    const page = await database.session(attempt.signal, async (session) => {
      const { rows } = await session.run(dayPage(layout, day, last), layout.accept.title)
      return { rows, states: await statesOf(layout, session, rows) }
    })
    for (const row of page.rows) yield listed(layout, row, page.states)
    if (page.rows.length < layout.pageSize) return
    after = page.rows.at(-1)?.project_no ?? ''
  }
}

function dayPage({ accept, pageSize, asTime }: Layout, day: string, after: string): Statement {
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10)
  const known = ['project_no', 'department_no', 'cd_operation'].filter((column) => accept.has(column))
  const columns = known.map((column) => sql`${accept.column(column)} as ${name(column)}`)
  const [time, number] = [accept.column('cd_time'), accept.column('project_no')]
  return sql`select ${join(columns, ', ')} from ${accept.name} where ${time} >= ${asTime(`${day} 00:00:00`)} and ${time} < ${asTime(`${next} 00:00:00`)} and ${number} > ${after} order by ${number} limit ${whole(pageSize)}`
}

/** The latest word on each case, by its number. */
async function statesOf(
  layout: Layout,
  session: Session,
  rows: readonly Row[],
): Promise<Map<string, string>> {
  const numbers = rows.flatMap(({ project_no }) => project_no ?? [])
  const latest = new Map<string, { at: string; word: string }>()
  if (numbers.length === 0) return new Map()
  for (const table of layout.polled.filter((one) => one.has('cd_time'))) {
    const key = table.key as PolledKey
    const [number, code, time] = [
      table.column('project_no'),
      table.column(codeColumns[key]),
      table.column('cd_time'),
    ]
    const { rows: steps } = await session.run(
      sql`select ${number} as number, ${code} as code, ${time} as at from ${table.name} where ${number} in ${oneOf(numbers)} order by ${time} desc limit ${whole(numbers.length * STEPS_A_CASE)}`,
      table.title,
    )
    for (const { number: of, code: said, at: written } of steps) {
      const word = layout.statuses[key]?.[said?.trim() ?? '']
      const at = timeOf(written, layout.offset)
      if (of && word && at > (latest.get(of)?.at ?? '')) latest.set(of, { at, word })
    }
  }
  return new Map([...latest].map(([number, { word }]) => [number, word]))
}

/** Comparable; empty for what is no time. */
function timeOf(text: string | null | undefined, offset: string): string {
  try {
    return readMoment(text, offset)?.iso ?? ''
  } catch {
    return ''
  }
}

function listed(layout: Layout, row: Row, states: ReadonlyMap<string, string>): ListedItem {
  const id = row.project_no ?? ''
  const state = row.cd_operation === layout.operations.withdraw ? 'case.withdrawn' : states.get(id)
  return {
    id,
    ...(row.department_no ? { reference: row.department_no } : {}),
    ...(state ? { state } : {}),
  }
}
