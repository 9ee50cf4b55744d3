// What a careful team writes by hand, for comparison: the same four hops as bare-relay.ts, durable. One statement keeps
// what came in with what it causes, a BullMQ job carries each transfer, and a sweep adds the jobs that were lost with Redis.
// It knows no themes, verifies no signature and normalises nothing, which makes it faster than what would stand in
// for the gateway; never use it for more. Started as a process of its own: node hand-written.ts <port> <city
// port>, with DATABASE_URL of an empty database, and REDIS_URL unless jobs are to be there too.

import { createPostgresBackend, type Job, Queue, runMigrations, Worker, withBackend } from 'bullmq'
import fastify from 'fastify'
import pg from 'pg'
import { Pool } from 'undici'
import { names } from './bodies.ts'
import { type DepartmentEvent, departmentRequest, platformRequest, type Submission } from './hops.ts'

const [port, cityPort] = process.argv.slice(2).map(Number)
const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = process.env
const CONNECTIONS = 24
const AT_ONCE = 64
const LOST_AFTER_SECONDS = 10

const city = new Pool(`http://127.0.0.1:${cityPort}`, { connections: AT_ONCE, pipelining: 1 })
const database = new pg.Pool({ connectionString: databaseUrl!, max: CONNECTIONS })

const tables = `
  create table submissions (id text primary key, number text not null unique, body json not null);
  create table cases (id text primary key, submission_id text not null, state text not null, project_no text);
  create table events (id text primary key, case_id text not null, body json not null);
  create table transfers (id text primary key, case_id text not null, kind text not null,
    event json, state text not null, due_at timestamptz not null default now());
  create index on transfers (due_at) where state = 'due'`

/** Of a theme that waits there is no transfer yet. */
const take = `
  with s as (insert into submissions values ($1, $2, $3) on conflict (number) do nothing returning id),
    c as (insert into cases select $4, id, 'pending' from s)
  insert into transfers (id, case_id, kind, state)
  select $5, $4, 'dispatch', case when $6 then 'due' else 'waiting' end from s returning id`
const keep = `
  with e as (insert into events values ($1, $2, $3) on conflict (id) do nothing returning case_id),
    c as (update cases set state = 'closed' from e where cases.id = e.case_id returning cases.id)
  insert into transfers (id, case_id, kind, event, state) select $4, id, 'notify', $3, 'due' from c returning id`
const look = `
  select t.kind, t.case_id, t.event, c.submission_id, c.project_no, s.body
  from transfers t join cases c on c.id = t.case_id join submissions s on s.id = c.submission_id
  where t.id = $1 and t.state = 'due'`
const handed = `
  with t as (update transfers set state = 'delivered' where id = $1 and state = 'due' returning case_id)
  update cases set state = case when state = 'pending' then 'handed' else state end, project_no = $2
  from t where cases.id = t.case_id`
const told = `update transfers set state = 'delivered' where id = $1 and state = 'due'`
const lost = `
  select id, kind from transfers
  where state = 'due' and due_at < now() - make_interval(secs => ${LOST_AFTER_SECONDS}) order by due_at limit 1000`

interface Found {
  kind: string
  case_id: string
  event: DepartmentEvent | null
  submission_id: string
  project_no: string | null
  body: Submission
}

/** By a name, so that it is planned once. */
const ask = <R extends object>(name: string, text: string, values: unknown[]) =>
  database.query<R>({ name, text, values })

async function attempt({ data }: Job<{ transfer: string }>): Promise<void> {
  const [found] = (await ask<Found>('look', look, [data.transfer])).rows
  if (!found) return
  const { kind, case_id: id, submission_id: submissionId, body, event } = found
  if (kind === 'dispatch') {
    const answer = await send(departmentRequest(id, submissionId, body))
    const { projectNo } = (JSON.parse(answer) as { data: { projectNo: string } }).data
    await ask('handed', handed, [data.transfer, projectNo])
  } else {
    const line = { submissionId, externalId: body.externalId, projectNo: found.project_no ?? '' }
    await send(platformRequest(event!, line))
    await ask('told', told, [data.transfer])
  }
}

async function send({ path, headers, body }: ReturnType<typeof platformRequest>): Promise<string> {
  const answer = await city.request({ method: 'POST', path, headers, body })
  const text = await answer.body.text()
  if (answer.statusCode >= 300) throw new Error(`answered ${answer.statusCode}`)
  return text
}

const queue = await openQueue()

/** Repeats of a job that is there already are not added. */
const wake = (transfer: string): Promise<unknown> =>
  queue.add(
    'transfer',
    { transfer },
    {
      jobId: transfer,
      attempts: 10,
      backoff: { type: 'exponential', delay: 500 },
      removeOnComplete: true,
      removeOnFail: true,
    },
  )

async function openQueue(): Promise<Queue> {
  await database.query(tables)
  if (redisUrl) {
    const connection = { url: redisUrl, maxRetriesPerRequest: null }
    new Worker('transfers', attempt, { connection, concurrency: AT_ONCE })
    return new Queue('transfers', { connection })
  }
  const client = await database.connect()
  await runMigrations(client)
  client.release()
  const onPostgres = withBackend(createPostgresBackend)
  const jobs = new pg.Pool({
    connectionString: databaseUrl!,
    max: CONNECTIONS,
    options: '-c search_path=bullmq',
  })
  // BullMQ names node-postgres' pool in words of its own.
  const connection = jobs as unknown as ConstructorParameters<typeof onPostgres.Queue>[1]['connection']
  new onPostgres.Worker('transfers', attempt, { connection, concurrency: AT_ONCE })
  return new onPostgres.Queue('transfers', { connection }) as unknown as Queue
}

setInterval(async () => {
  const { rows } = await database.query<{ id: string }>(lost)
  await Promise.all(rows.map(({ id }) => wake(id)))
}, LOST_AFTER_SECONDS * 1000)

const app = fastify()
const run = Date.now().toString(36)
let serial = 0

app.post('/v1/submissions', async (request, reply) => {
  const submission = request.body as Submission
  const number = `${run}${++serial}`
  const [submissionId, caseId, transfer] = [`sub_${number}`, `case_${number}`, `dispatch_${number}`]
  const goesOut = submission.theme === names.relayTheme
  const values = [submissionId, submission.externalId, JSON.stringify(submission), caseId, transfer, goesOut]
  const { rowCount } = await ask('take', take, values)
  if (rowCount === 0) return reply.code(409).send({ code: 'repeated' })
  if (goesOut) await wake(transfer)
  return reply.code(202).send({
    submissionId,
    cases: [{ caseId, matter: 'bench-matter', system: names.department, state: 'pending' }],
  })
})

app.post(`/v1/systems/${names.department}/events`, async (request) => {
  const event = request.body as DepartmentEvent
  const transfer = `notify_${event.eventId}`
  const { rowCount } = await ask('keep', keep, [
    event.eventId,
    event.outerNo,
    JSON.stringify(event),
    transfer,
  ])
  if (rowCount !== 0) await wake(transfer)
  return { code: '0', message: 'ok' }
})

app.get('/readyz', (_, reply) => reply.send({ status: 'ready' }))

await app.listen({ port: port!, host: '127.0.0.1' })
process.once('SIGTERM', () => process.exit(0))
