// A gateway that is killed between a department's reservation and our booking: the same request goes on with
// the same seat, and without one it is given back.

import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { sandboxSecrets, secretsAsEnvironment } from '../../src/sandbox/secrets.ts'
import { removeFolder, temporaryFolder } from '../support/folders.ts'
import { startGateway } from '../support/gateway.ts'
import { number, platformAt } from '../support/platform.ts'
import { runGateway } from '../support/running.ts'
import { MATTER, openClock, openOffice, SYSTEM } from './booking-office.ts'

t.setTimeout(120_000)
const office = await openOffice(t)
const running = await runGateway(t, {
  roles: ['api'],
  edit: { [`systems/${SYSTEM}.yaml`]: () => office.file.replace('timeoutMs: 1000', 'timeoutMs: 5000') },
  env: office.env,
})
const clock = await openClock(t, running)
const survivor = platformAt(running.url)

const open = () =>
  running.query<{ state: string }>(
    `select state from reservations where state <> 'ended' and starts_at > now()`,
  )
const later = (seconds: number) =>
  running.query(
    `update reservations set asked_until = asked_until - $1 * interval '1 second', due_at = due_at - $1 * interval '1 second'`,
    [seconds],
  )

/** It has reserved the seat, and dies before it hears so. */
async function killedWhileReserving(key: string): Promise<void> {
  const dataDir = temporaryFolder('killed')
  t.teardown(() => removeFolder(dataDir))
  const gateway = await startGateway({
    databaseUrl: running.databaseUrl,
    configDir: running.settings.configDir,
    dataDir,
    env: {
      ...secretsAsEnvironment(sandboxSecrets),
      ...office.env,
      CITY_URL: 'http://127.0.0.1:9',
      CITY_DROP_FOLDER: dataDir,
      LOG_LEVEL: 'silent',
    },
  })
  t.teardown(() => gateway.kill9())
  office.suffers({ silent: 1, silentMs: 60_000 })
  const body = { slot: office.slots.third, matter: MATTER }
  const asked = platformAt(gateway.url).post('/v1/appointments', { body, key })
  const broken = asked.then(
    () => false,
    () => true,
  )
  while (office.reserved() === 0) await sleep(20)
  await gateway.kill9()
  t.ok(await broken, 'the caller hears nothing')
  office.suffers({})
  t.match(await open(), [{ state: 'asked' }])
}

t.test('the same request, answered by another process, goes on with the same seat', async (t) => {
  const key = number()
  await killedWhileReserving(key)
  const again = () =>
    survivor.post('/v1/appointments', { body: { slot: office.slots.third, matter: MATTER }, key })
  const early = await again()
  t.equal(early.status, 503, 'the dead one may still be at it')
  t.equal(early.headers.get('retry-after'), '2')
  await later(30)
  const answer = await again()
  t.equal(answer.status, 201)
  t.equal(office.reserved(), 1)
  t.equal(office.asked('reserve 0'), 1)
  await survivor.call('DELETE', `/v1/appointments/${answer.json().appointmentId}`)
  t.equal(office.reserved(), 0)
})

t.test('a seat that nobody asks for again is found by the rounds and given back', async (t) => {
  await killedWhileReserving(number())
  await clock.round()
  t.equal(office.reserved(), 1)
  await later(91)
  await clock.round()
  t.equal(office.reserved(), 0)
  await later(61)
  await clock.round()
  t.strictSame(await open(), [])
})

t.test('a booking that was let go of by a process that died then gives its seat back', async (t) => {
  const body = { slot: office.slots.fourth, matter: MATTER }
  const { appointmentId } = (await survivor.post('/v1/appointments', { body })).json()
  await running.query(`update bookings set state = 'released' where id = $1`, [appointmentId])
  await clock.round()
  t.equal(office.reserved(), 0)
})
