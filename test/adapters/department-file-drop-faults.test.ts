// What a server that refuses, lies, stalls or goes away makes of a drop.

import { createServer } from 'node:net'
import t, { type Test } from 'tap'
import manifest from '../../adapters/department-file-drop/manifest.ts'
import type { FileDropSettings, SftpSettings } from '../../adapters/department-file-drop/settings.ts'
import { setStage } from '../../src/adapter-kit/conformance/stage.ts'
import type { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { givens } from '../../src/adapter-kit/givens.ts'
import { personsIn } from '../../src/adapter-kit/masking.ts'
import { freePort } from '../support/ports.ts'
import { type Manner, type Mischief, pretendSftp } from '../support/sftp.ts'
import { sha256 } from './department-file-drop-scene.ts'

const content = givens['case-online']
const name = `410221_SB_20261123_${content.caseId}.json`
const nobody = `SHA256:${'A'.repeat(43)}`

function stage(t: Test, sftp: Partial<SftpSettings>, extra: Partial<FileDropSettings> = {}) {
  const login = { host: '127.0.0.1', user: 'city', password: 's3cret-of-tests', hostKey: nobody, path: '/d' }
  const settings = {
    transport: { sftp: { ...login, connectMs: 2_000, ...sftp } },
    region: '410221',
    ...extra,
  }
  const set = setStage(manifest, settings, 'http://127.0.0.1:9')
  t.teardown(async () => {
    await set.adapter.close?.()
    await set.close()
  })
  const send = (signal?: AbortSignal) =>
    set.adapter.outgoing.submitCase!.send(content, set.attempt(signal ? { signal } : {}))
  return { ...set, send }
}

async function withServer(
  t: Test,
  mischief?: Mischief,
  sftp: Partial<SftpSettings> = {},
  manner: Manner = {},
) {
  const server = await pretendSftp(mischief, manner)
  t.teardown(server.stop)
  return { server, ...stage(t, { port: server.port, hostKey: server.hostKey, ...sftp }) }
}

async function failureOf(asked: Promise<unknown>): Promise<AdapterFailure> {
  return asked.then(
    () => t.fail('it should have failed') as never,
    (error: AdapterFailure) => error,
  )
}

function isQuiet(t: Test, { message }: AdapterFailure): void {
  for (const text of ['s3cret-of-tests', ...personsIn(content)]) t.notMatch(message, text)
  t.match(message, /\p{Script=Han}/u)
  t.match(message, /[a-z]{3}/)
}

t.test('a case is dropped on a server that knows no extensions', async (t) => {
  const { server, send } = await withServer(t)
  await send()
  t.ok(server.files.has(`/d/out/${name}.mf`))
  t.notOk([...server.files.keys()].some((path) => path.endsWith('.tmp')))
  t.match(await send(), { duplicate: true })
})

t.test('a refused connection is unavailable and surely not sent', async (t) => {
  const failure = await failureOf(stage(t, { port: await freePort() }).send())
  t.match(failure, { kind: 'unavailable', sent: false, code: 'ECONNREFUSED' })
  isQuiet(t, failure)
})

t.test('a server that never speaks is unavailable and surely not sent', async (t) => {
  const mute = createServer(() => undefined)
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  t.teardown(() => mute.close())
  const { port } = mute.address() as { port: number }
  const failure = await failureOf(stage(t, { port, connectMs: 200 }).send())
  t.match(failure, { kind: 'unavailable', sent: false })
})

t.test('a wrong password is unauthorised', async (t) => {
  const { send, adapter, attempt } = await withServer(t, undefined, { password: 'another' })
  const failure = await failureOf(send())
  t.match(failure, { kind: 'unauthorised', sent: false, code: 'LOGIN' })
  isQuiet(t, failure)
  t.match(await adapter.check!(attempt()), { ok: false })
})

t.test('another host key is unauthorised before any password is sent, and is named', async (t) => {
  const server = await pretendSftp()
  t.teardown(server.stop)
  const failure = await failureOf(stage(t, { port: server.port }).send())
  t.match(failure, { kind: 'unauthorised', sent: false, code: 'HOST_KEY' })
  t.ok(failure.message.includes(server.hostKey))
})

t.test('an unreadable private key is unauthorised and not repeated', async (t) => {
  const { port, hostKey, stop } = await pretendSftp()
  t.teardown(stop)
  const failure = await failureOf(
    stage(t, { port, hostKey, privateKey: 'no key at all s3cret-of-tests' }).send(),
  )
  t.match(failure, { kind: 'unauthorised', sent: false })
  isQuiet(t, failure)
})

t.test('a connection lost while the manifest got its name is uncertain, and looking tells', async (t) => {
  let lost = false
  const { server, send, adapter, attempt } = await withServer(t, (request, { hangUp }) => {
    if (lost || request !== `RENAME /d/out/${name}.mf`) return false
    lost = true
    server.files.set(`/d/out/${name}.mf`, server.files.get(`/d/out/${name}.mf.tmp`)!)
    hangUp()
    return true
  })
  const failure = await failureOf(send())
  t.match(failure, { kind: 'uncertain', sent: true })
  isQuiet(t, failure)
  t.match(await adapter.outgoing.submitCase!.find!(content, attempt()), { data: { file: name } })
  t.match(await send(), { duplicate: true })
})

t.test('a refusal is not lost with the connection over which it is put away', async (t) => {
  const { server, send } = await withServer(t, (request, { hangUp }) => {
    if (!request.startsWith('RENAME /d/reject/')) return false
    server.files.delete(`/d/ack/${name}.ack`)
    hangUp()
    return true
  })
  await send()
  server.files.set(`/d/ack/${name}.ack`, Buffer.from('{"code":"2001","message":"有误"}'))
  t.match(await failureOf(send()), { kind: 'rejected', code: '2001' })
})

t.test('a connection lost before that is unavailable and surely not sent', async (t) => {
  let lost = false
  const { send } = await withServer(t, (request, { hangUp }) => {
    if (lost || !request.startsWith('WRITE')) return false
    lost = true
    hangUp()
    return true
  })
  t.match(await failureOf(send()), { kind: 'unavailable', sent: false })
  t.notOk((await send()).duplicate)
})

t.test('silence ends by the time for one request, and the connection is made anew', async (t) => {
  let silent = true
  const mischief: Mischief = (request) => silent && request.startsWith('OPEN')
  const { send } = await withServer(t, mischief, { requestMs: 200 })
  t.match(await failureOf(send()), { kind: 'unavailable', sent: false })
  silent = false
  t.notOk((await send()).duplicate)
})

t.test('the signal ends a silent request', async (t) => {
  const { send } = await withServer(t, (request) => request.startsWith('WRITE'))
  const began = Date.now()
  t.match(await failureOf(send(AbortSignal.timeout(200))), { kind: 'unavailable', sent: false })
  t.ok(Date.now() - began < 3_000)
})

t.test('a full disk and a missing right are unavailable, and nothing is sent', async (t) => {
  const SSH_FX_FAILURE = 4
  const SSH_FX_PERMISSION_DENIED = 3
  for (const code of [SSH_FX_FAILURE, SSH_FX_PERMISSION_DENIED]) {
    const { send, server } = await withServer(t, (request, { status }) => {
      if (!request.startsWith('WRITE')) return false
      status(code)
      return true
    })
    const failure = await failureOf(send())
    t.match(failure, { kind: 'unavailable', sent: false, code: `SSH_${code}` })
    isQuiet(t, failure)
    t.same([...server.files.keys()], [], 'what was begun is taken away')
  }
})

t.test('a disk that is full only when a file is closed keeps its manifest from being believed', async (t) => {
  const { send, server } = await withServer(t, (request, { status }) => {
    if (!request.startsWith('CLOSE') || !request.endsWith('.tmp')) return false
    status(4)
    return true
  })
  const failure = await failureOf(send())
  t.match(failure, { kind: 'unavailable', sent: false, code: 'SSH_4' })
  isQuiet(t, failure)
  t.same([...server.files.keys()], [])
})

t.test('a file that lies there shorter than it was written gets no name', async (t) => {
  let full = true
  const { send, server } = await withServer(t, (request) => {
    if (full && request.startsWith('CLOSE') && request.endsWith('.tmp'))
      server.files.set(request.slice('CLOSE '.length), Buffer.from('ha'))
    return false
  })
  const failure = await failureOf(send())
  t.match(failure, { kind: 'unavailable', sent: false, code: 'SIZE' })
  isQuiet(t, failure)
  t.same([...server.files.keys()], [])
  full = false
  t.notOk((await send()).duplicate)
})

t.test('a server that does not tell files from directories is exchanged with all the same', async (t) => {
  const { server, send, adapter, attempt } = await withServer(t, undefined, {}, { silentOfKinds: true })
  const report = { eventId: 'E-1', outerNo: content.caseId, status: '30', time: '2026-11-23 09:40:00' }
  const bytes = Buffer.from(JSON.stringify(report))
  server.files.set('/d/in/R.json', bytes)
  server.files.set('/d/in/R.json.mf', Buffer.from(`${sha256(bytes)}  ${bytes.length}  R.json\n`))
  const [item] = (await adapter.polling!.read(undefined, attempt())).items
  t.match(item, { events: [{ id: 'E-1' }], failure: undefined })
  await adapter.polling!.settle!([{ key: item!.key, outcome: 'recorded' }], attempt())
  t.same([...server.files.keys()].sort(), ['/d/ack/R.json.ack', '/d/done/R.json', '/d/done/R.json.mf'])
  await send()
  t.match(await send(), { duplicate: true })
})

t.test('an attempt that is stopped while it connects ends at once', async (t) => {
  const mute = createServer(() => undefined)
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  t.teardown(() => mute.close())
  const { port } = mute.address() as { port: number }
  const began = Date.now()
  await failureOf(stage(t, { port, connectMs: 1_500 }).send(AbortSignal.timeout(50)))
  t.ok(Date.now() - began < 1_000)
})
