// Our books of a day, written straight into a ledger, and a department or carrier that keeps books of its own and
// shows them over HTTP. What differs between the two is the test's choice.

import { createServer } from 'node:http'
import { join } from 'node:path'
import pg from 'pg'
import { migrateAll } from '../../src/commands/database.ts'
import { openOrder } from '../../src/sandbox/ems/sealing.ts'
import { sandboxSecrets } from '../../src/sandbox/secrets.ts'
import { createDatabase, type Teardown } from '../support/database.ts'
import { type Place, place, type Said, tongban } from './tongban.ts'

export const DAY = '2026-11-20'

interface Theirs {
  id?: string
  reference?: string
  status?: string
}

interface Town {
  /** Ids by number; `parcel` by the same. */
  caseId(n: number): string
  parcelId(n: number): string
  /** What the department or carrier has, by day; read when it is asked. */
  lists: Record<string, Theirs[]>
  /** How often it was asked. */
  asked(): number
  /** Delivered on DAY: the case with its number and its state, at this time of China's clock. */
  deliver(
    n: number,
    more?: { reference?: string; state?: string; time?: string; transferState?: string },
  ): Promise<void>
  /** Many at once, from `first` on, all under review. */
  deliverMany(first: number, count: number): Promise<void>
  order(n: number, reference: string): Promise<void>
  query(sql: string, values?: unknown[]): Promise<void>
  reconcile(args: readonly string[], withinMs?: number): Promise<Said>
}

const root = (n: number): string =>
  `01m8500000${n
    .toString(32)
    .padStart(16, '0')
    .replace(/[^0-9a-v]/g, '0')}`

export async function startBooks(t: Teardown, files: (url: string) => Record<string, string>): Promise<Town> {
  const { url: databaseUrl } = await createDatabase(t, migrateAll)
  const lists: Town['lists'] = {}
  let asked = 0
  const server = createServer((request, response) => {
    asked++
    const body: Buffer[] = []
    request.on('data', (piece) => body.push(piece))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://department')
      response.setHeader('content-type', 'application/json')
      const text = Buffer.concat(body).toString()
      response.end(
        JSON.stringify(url.pathname.startsWith('/ems') ? postAnswer(text, lists) : answer(url, lists)),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const where = await place(t, { DATABASE_URL: databaseUrl })
  writeSystems(where, files(`http://127.0.0.1:${(server.address() as { port: number }).port}`))
  const client = new pg.Client({ connectionString: databaseUrl })
  client.on('error', () => undefined)
  await client.connect()
  t.teardown(() => client.end())
  const query = async (sql: string, values: unknown[] = []): Promise<void> =>
    void (await client.query(sql, values))
  const caseId = (n: number): string => `case_${root(n)}01`
  const parcelId = (n: number): string => `par_${root(n)}01`
  return {
    caseId,
    parcelId,
    lists,
    asked: () => asked,
    query,
    async deliver(
      n,
      { reference = `P-${n}`, state = 'reviewing', time = '12:00:00', transferState = 'delivered' } = {},
    ) {
      await query(cases, [n, n, root(n)])
      await query('update cases set state = $2, reference = $3 where id = $1', [caseId(n), state, reference])
      await query(
        `update transfers set state = $2, settled_at = $3, receipt = json_build_object('reference', $4::text) where id = $1`,
        [`trf_${root(n)}01`, transferState, `${DAY}T${time}+08:00`, reference],
      )
    },
    deliverMany: (first, count) => query(many, [first, first + count - 1]),
    async order(n, reference) {
      await query(cases, [n, n, root(n)])
      await query(parcels, [
        parcelId(n),
        `sub_${root(n)}`,
        reference,
        `trf_${root(n)}02`,
        `par:${root(n)}`,
        caseId(n),
      ])
    },
    reconcile: (args, withinMs = 60_000) => tongban(['reconcile', ...args], { env: where.env, withinMs }),
  }
}

function writeSystems(where: Place, files: Record<string, string>): void {
  for (const [file, text] of Object.entries(files)) where.edit(join('systems', file), () => text)
}

const PAGE = 200

function answer(url: URL, lists: Town['lists']): unknown {
  if (url.pathname.endsWith('/list')) {
    const page = Number(url.searchParams.get('page'))
    const all = lists[url.searchParams.get('day') ?? ''] ?? []
    return { code: '0', message: 'ok', data: { items: all.slice((page - 1) * PAGE, page * PAGE) } }
  }
  const wanted = url.searchParams.get('outerNo')
  const found = Object.values(lists)
    .flat()
    .find((one) => one.id === wanted)
  return found
    ? { code: '0', message: 'ok', data: { projectNo: found.reference } }
    : { code: '1404', message: '办件不存在' }
}

/** The post's order query: the parcels of every day, by our number. */
function postAnswer(form: string, lists: Town['lists']): unknown {
  const sealed = new URLSearchParams(form).get('logitcsInterface') ?? ''
  const { logisticsOrderNo, waybillNo } = openOrder(sealed, sandboxSecrets.emsSignKey) as Record<
    string,
    string
  >
  if (waybillNo !== undefined) return trailOf(waybillNo, lists)
  const found = Object.values(lists)
    .flat()
    .find((one) => one.id === logisticsOrderNo)
  return found
    ? { retCode: '00000', retMsg: '', retBody: { logisticsOrderNo, waybillNo: found.reference } }
    : { retCode: 'B00009', retMsg: '无此订单' }
}

/** 040001: what happened to a waybill; nothing of one that it does not know, and nothing of one that nobody scanned. */
function trailOf(waybillNo: string, lists: Town['lists']): unknown {
  const known = Object.values(lists)
    .flat()
    .some(({ reference }) => reference === waybillNo)
  const scan = { opTime: `${DAY} 18:00:00`, opCode: '203', opDesc: '已收件', opOrgName: '开封揽投部' }
  return { retCode: '00000', retMsg: '', retBody: { responseItems: known ? [{ waybillNo, ...scan }] : [] } }
}

const document = JSON.stringify({
  applicant: {
    type: 'person',
    name: '张三',
    idType: '111',
    idNumber: '11010519491231002X',
    mobile: '13800138000',
  },
  delivery: {
    return: { address: { name: '张三', mobile: '13800138000', county: '鼓楼区', address: '鼓楼街 18 号' } },
  },
})

/** $1 and $2: numbers, from and to; with $3 the root of the one. */
const rows = (root: string): string => `
  with n as (select i, ${root} as root from generate_series($1::integer, $2::integer) i),
  s as (insert into submissions (id, platform, external_id, client, theme, division, home_division, state, source, message_key, counts, data)
    select 'sub_' || root, 'kaifeng-platform', 'KF' || i, 'kaifeng-platform', 'newborn', '410204', '410204', 'open', 'client:kaifeng-platform', 'key-' || i,
      '{"transfers":1,"parcels":0,"entries":1}', '{"mode":"online","catalogueVersion":"x","post":{"collect":false,"deliver":true}}' from n),
  m as (insert into messages (source, key, submission_id, sha256, media_type, encoding, body, document)
    select 'client:kaifeng-platform', 'key-' || i, 'sub_' || root, '', 'application/json', 'utf8', '', '${document}' from n),
  c as (insert into cases (id, submission_id, matter, system, state, reference, data)
    select 'case_' || root || '01', 'sub_' || root, 'birth', 'market-regulation', 'reviewing', 'P-' || i,
      '{"matter":{"code":"birth","name":"出生"},"mode":"online","waits":[],"round":0,"asked":[],"paperResult":false}' from n)
  insert into transfers (id, submission_id, case_id, system, operation, lane, sequence, state, settled_at, receipt, about)
  select 'trf_' || root || '01', 'sub_' || root, 'case_' || root || '01', 'market-regulation', 'submitCase', 'x', 1, 'delivered', '${DAY}T12:00:00+08:00',
    json_build_object('reference', 'P-' || i), json_build_object('case', 'case_' || root || '01') from n`

const cases = rows('$3::text')
const many = rows(`'01m8500000' || lpad(i::text, 16, '0')`)

/** $1 parcel, $2 submission, $3 waybill, $4 transfer, $5 lane, $6 case. */
const parcels = `
  with p as (insert into parcels (id, submission_id, system, state, reference, data)
    values ($1, $2, 'ems', 'ordered', $3, json_build_object('id', $1::text, 'caseId', $6::text, 'direction', 'deliver', 'system', 'ems',
      'materials', '[]'::json, 'state', 'ordered', 'reference', $3::text, 'trail', '[]'::json)))
  insert into transfers (id, submission_id, case_id, system, operation, lane, sequence, state, settled_at, receipt, about)
  values ($4, $2, $6, 'ems', 'createOrder', $5, 2, 'delivered', '${DAY}T12:00:00+08:00', json_build_object('reference', $3::text), json_build_object('parcel', $1::text))`
