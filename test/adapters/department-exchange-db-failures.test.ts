// Every way in which writing into a department's exchange database can fail, named by what happens next.

import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import type { Adapter, Attempt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { startEndingPostgres } from '../support/ending-postgres.ts'
import { freePort } from '../support/ports.ts'
import {
  attemptOf,
  endServers,
  failureOf,
  onBoth,
  type Scene,
  sceneOf,
  wireTo,
} from './department-exchange-db-scene.ts'

endServers(t)

const content = givens['case-online']
const { caseId } = content
const submit = (adapter: Adapter, attempt: Attempt = attemptOf(), one = content) =>
  adapter.outgoing.submitCase!.send(one, attempt)
const find = (adapter: Adapter) => adapter.outgoing.submitCase!.find!(content, attemptOf())

/** Neither what is secret nor who applies. */
function isDiscreet(t: Test, { message }: AdapterFailure): void {
  for (const told of [
    'secret-of-the-tests',
    content.applicant.name,
    content.applicant.idNumber,
    '13803780001',
  ])
    t.notMatch(message, told)
}

const counts = async ({ run }: Scene) => {
  const [row] = await run(
    'select (select count(*) from up_pro_accept) as cases, (select count(*) from up_pro_material) as materials',
  )
  return { cases: Number(row?.cases), materials: Number(row?.materials) }
}

onBoth(
  t,
  'what the tables refuse is rejected, with the name of the column, and nothing is kept',
  async (t, scene) => {
    await scene.run(
      scene.settings.dialect === 'mysql'
        ? 'alter table up_pro_accept modify task_name varchar(2)'
        : 'alter table up_pro_accept alter column task_handle_item set not null',
    )
    const failure = await failureOf(submit(scene.open()))
    t.match(failure, { kind: 'rejected', message: /up_pro_accept.task_/ })
    isDiscreet(t, failure)
    t.same(await counts(scene), { cases: 0, materials: 0 })
  },
)

onBoth(t, 'a missing table or column is named, with how to mend it', async (t, { open, run }) => {
  await run('alter table up_pro_material rename column get_num to other')
  t.match(await failureOf(submit(open())), {
    kind: 'unrecognised',
    message: /up_pro_material.get_num.*tables/,
  })
  const accept = { name: 'no_such_table' }
  t.match(await failureOf(submit(open({ tables: { accept } }))), {
    kind: 'unrecognised',
    message: /no_such_table.*tables/,
  })
  t.match(await failureOf(find(open({ database: 'no_such_database' }))), {
    kind: /unrecognised|unauthorised/,
  })
})

onBoth(t, 'a refused connection is unavailable, and surely not sent', async (t, { open }) => {
  const failure = await failureOf(submit(open({ port: await freePort() })))
  t.match(failure, { kind: 'unavailable', sent: false, message: /ECONNREFUSED/ })
  const unknown = await failureOf(submit(open({ host: 'no-such-host.invalid' })))
  t.match(unknown, { kind: 'unavailable', sent: false })
})

onBoth(t, 'a server that never speaks is unavailable, and the signal ends the wait', async (t, { open }) => {
  const sockets = new Set<Socket>()
  const mute = createServer((socket) => void sockets.add(socket.on('error', () => undefined)))
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    mute.close()
  })
  const address = mute.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const impatient = await failureOf(submit(open({ port, connectTimeoutMs: 300 })))
  t.match(impatient, { kind: 'unavailable', sent: false })
  const before = performance.now()
  const stopped = await failureOf(
    submit(open({ port, connectTimeoutMs: 900 }), attemptOf({ signal: AbortSignal.timeout(100) })),
  )
  t.match(stopped, { kind: 'unavailable', sent: false })
  t.ok(performance.now() - before < 700)
})

onBoth(t, 'silence in the middle is uncertain, and the signal ends the wait', async (t, scene) => {
  const wire = await wireTo(t, scene.settings.port!)
  const adapter = scene.open({ port: wire.port })
  await find(adapter)
  wire.fallSilent()
  const before = performance.now()
  const failure = await failureOf(submit(adapter, attemptOf({ signal: AbortSignal.timeout(150) })))
  t.match(failure, { kind: 'uncertain' })
  t.ok(performance.now() - before < 2_000)
})

onBoth(t, 'a line cut after the commit is uncertain, and find knows', async (t, scene) => {
  const wire = await wireTo(t, scene.settings.port!)
  const adapter = scene.open({ port: wire.port })
  wire.cutAfter('commit')
  t.match(await failureOf(submit(adapter)), { kind: 'uncertain' })
  await until(async () => (await counts(scene)).cases === 1)
  wire.cutAfter('')
  t.same(await find(adapter), { reference: caseId })
  t.same(await submit(adapter), { reference: caseId, duplicate: true })
})

onBoth(t, 'a line cut before the commit was asked for has had no effect', async (t, scene) => {
  const wire = await wireTo(t, scene.settings.port!)
  wire.cutBefore('insert into')
  t.match(await failureOf(submit(scene.open({ port: wire.port }))), { kind: 'unavailable' })
  t.same(await counts(scene), { cases: 0, materials: 0 })
})

onBoth(t, 'a statement that waits too long for a lock is tried again later', async (t, scene) => {
  const { dialect } = scene.settings
  const holder = scene.open()
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const file = {
    ...attemptOf().files,
    async open() {
      await held
      throw new AdapterFailure('unavailable', 'given up')
    },
  }
  await scene.run(
    `alter table up_pro_material add column file_content ${dialect === 'mysql' ? 'longblob' : 'bytea'}`,
  )
  const tables = { material: { columns: { file_content: 'file_content' } } }
  const slow = submit(scene.open({ files: 'inline', tables }), attemptOf({ files: file }))
  slow.catch(() => undefined)
  await new Promise((resolve) => setTimeout(resolve, 200))
  const failure = await failureOf(submit(scene.open({ statementTimeoutMs: 2_000 })))
  t.match(failure, { kind: 'unavailable' })
  release()
  t.match(await failureOf(slow), { kind: 'unavailable' })
  t.same(await submit(holder), { reference: caseId })
})

onBoth(t, 'credentials that are refused pause the system; a missing right too', async (t, scene) => {
  const { dialect, port } = scene.settings
  t.match(await failureOf(submit(scene.open({ user: 'stranger' }))), { kind: 'unauthorised', sent: false })
  if (dialect === 'mysql') {
    const failure = await failureOf(submit(scene.open({ password: 'secret-but-wrong' })))
    t.match(failure, { kind: 'unauthorised', code: '1045', sent: false })
    t.notMatch(failure.message, /secret|tongban'/)
    return
  }
  await scene.run(
    `create role reader_${port} login; grant select on all tables in schema public to reader_${port}`,
  )
  t.teardown(() => scene.run(`drop owned by reader_${port}; drop role reader_${port}`))
  const reader = scene.open({ user: `reader_${port}` })
  t.equal(await find(reader), null)
  t.match(await failureOf(submit(reader)), {
    kind: 'unauthorised',
    code: '42501',
    message: /up_pro_material/,
  })
})

onBoth(t, 'a statement that the server ends for its length is uncertain', async (t, scene) => {
  await scene.run(
    scene.settings.dialect === 'mysql'
      ? 'create trigger slow before insert on up_pro_accept for each row do sleep(3)'
      : `create function nap() returns trigger language plpgsql as $$ begin perform pg_sleep(3); return new; end $$;
        create trigger slow before insert on up_pro_accept for each row execute function nap()`,
  )
  const failure = await failureOf(submit(scene.open({ statementTimeoutMs: 900 })))
  t.match(failure, { kind: 'uncertain', code: /^(57014|1969)$/ })
  t.same(await counts(scene), { cases: 0, materials: 0 })
})

onBoth(t, 'without TLS on the other side nothing is sent, where TLS is asked for', async (t, { open }) => {
  t.match(await failureOf(submit(open({ host: 'localhost', tls: {} }))), {
    kind: 'unrecognised',
    sent: false,
    message: /TLS/,
  })
})

onBoth(t, 'a rule of the department’s own is a refusal', async (t, scene) => {
  await scene.run(
    scene.settings.dialect === 'mysql'
      ? `create trigger rule before insert on up_pro_accept for each row signal sqlstate '45000' set message_text = '张晓𬀩 不在辖区'`
      : `create function rule() returns trigger language plpgsql as $$ begin raise exception '% 不在辖区', new.applyer_name; end $$;
        create trigger rule before insert on up_pro_accept for each row execute function rule()`,
  )
  const failure = await failureOf(submit(scene.open()))
  t.match(failure, { kind: 'rejected', code: /^(P0001|1644)$/, message: /up_pro_accept/ })
  isDiscreet(t, failure)
})

t.test('postgresql: a wrong password pauses the system', async (t) => {
  const scene = await sceneOf(t, 'postgresql')
  const role = `guarded_${process.pid}`
  await scene.run(`create role ${role} login password 'right'`)
  t.teardown(() => scene.run(`drop role ${role}`))
  const [{ hba_file: path } = {}] = await scene.run('show hba_file')
  writeFileSync(
    String(path),
    `host all ${role} 127.0.0.1/32 scram-sha-256\n${readFileSync(String(path), 'utf8')}`,
  )
  await scene.run('select pg_reload_conf()')
  const refused = () => failureOf(submit(scene.open({ user: role, password: 'secret-but-wrong' })))
  await until(async () => (await refused()).code === '28P01')
  const failure = await refused()
  t.match(failure, { kind: 'unauthorised', code: '28P01', sent: false })
  t.notMatch(failure.message, /secret|guarded/)
})

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 100 && !(await done()); i++) await new Promise((resolve) => setTimeout(resolve, 20))
}

t.test('a server that ends a connection in the moment it is made takes nothing else down', async (t) => {
  const scene = await sceneOf(t, 'postgresql')
  const port = await startEndingPostgres(t)
  t.match(await failureOf(submit(scene.open({ port }))), { kind: 'unavailable' })
})
