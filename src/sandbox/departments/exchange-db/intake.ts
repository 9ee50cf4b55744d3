// The department's program at its tables: takes what is new every so often, hands it to the counter, and marks each
// row as taken or refused in the same transaction. A row that comes again is a duplicate to the counter.

import type { Pool, PoolClient } from 'pg'
import type { HouseAnswer } from '../answers.ts'
import type { Counter } from '../counter.ts'
import { count, type Register } from '../project.ts'
import { readReceive, readSupplement } from '../receive.ts'
import { type Row, receiveMessage, supplementMessage } from './messages.ts'

const AT_ONCE = 100
const DONE = '1'
const FAILED = '3'

interface IntakeParts {
  pool: Pool
  schema: string
  counter: Counter
  register: Register
}

/** One round: new cases and withdrawals, then supplements. Answers whether there may be more at once. */
export async function takeNew(parts: IntakeParts): Promise<boolean> {
  const client = await parts.pool.connect()
  try {
    await client.query('begin')
    const taken = (await takeCases(parts, client)) + (await takeSupplements(parts, client))
    await client.query('commit')
    client.release()
    return taken >= AT_ONCE
  } catch (error) {
    client.release(true)
    throw error
  }
}

async function takeCases({ schema, counter, register }: IntakeParts, client: PoolClient): Promise<number> {
  const { rows } = await client.query<Row>(
    `select * from ${schema}.up_pro_accept where is_sync = '0' order by cd_time limit ${AT_ONCE} for update skip locked`,
  )
  if (rows.length === 0) return 0
  const numbers = rows.map(({ project_no }) => project_no)
  const { rows: materials } = await client.query<Row>(
    `select * from ${schema}.up_pro_material where project_no = any($1) and round = 0 order by material_code, row_guid`,
    [numbers],
  )
  for (const row of rows) {
    count(register, 'requests')
    const own = materials.filter(({ project_no }) => project_no === row.project_no)
    const answer = takeCase(counter, register, row, own)
    await mark(client, `${schema}.up_pro_accept`, [row], answer)
    await mark(client, `${schema}.up_pro_material`, own, answer)
  }
  return rows.length
}

function takeCase(counter: Counter, register: Register, row: Row, materials: readonly Row[]): HouseAnswer {
  const outerNo = row.project_no ?? ''
  const known = register.byOuterNo.has(outerNo)
  const body = receiveMessage(row, materials)
  if (row.cd_operation !== 'D' || !known) {
    const read = readReceive(body)
    const answer = read.ok ? counter.receive(read.message) : counter.refuse(body, `参数错误：${read.field}`)
    if (row.cd_operation !== 'D' || !read.ok) return answer
  }
  const projectNo = register.byOuterNo.get(outerNo)?.projectNo ?? ''
  return counter.withdraw({ outerNo, projectNo, reason: '申请人撤回' })
}

async function takeSupplements(
  { schema, counter, register }: IntakeParts,
  client: PoolClient,
): Promise<number> {
  const { rows } = await client.query<Row>(
    `select * from ${schema}.up_pro_material where is_sync = '0' and round > 0 order by cd_time, material_code, row_guid limit ${AT_ONCE * 10} for update skip locked`,
  )
  const rounds = Map.groupBy(rows, ({ project_no, round }) => `${project_no}\n${round}`)
  for (const own of rounds.values()) {
    count(register, 'requests')
    const project = register.byOuterNo.get(own[0]?.project_no ?? '')
    const body = supplementMessage(project?.projectNo ?? '', own)
    const read = readSupplement(body)
    const answer = read.ok
      ? counter.supplement(read.message)
      : counter.refuse(body, `参数错误：${read.field}`)
    await mark(client, `${schema}.up_pro_material`, own, answer)
  }
  return rounds.size
}

async function mark(
  client: PoolClient,
  table: string,
  rows: readonly Row[],
  { code }: HouseAnswer,
): Promise<void> {
  if (rows.length === 0) return
  const flag = code === '0' || code === '1006' ? DONE : FAILED
  const guids = rows.map(({ row_guid }) => row_guid)
  await client.query(`update ${table} set is_sync = $1 where row_guid = any($2)`, [flag, guids])
}
