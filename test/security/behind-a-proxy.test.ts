// The real gateway behind a reverse proxy, as README asks for: who calls is what a trusted proxy says, and
// nobody else's word.

import t, { type Test } from 'tap'
import { hashPassword } from '../../src/security/passwords.ts'
import { runGateway } from '../support/running.ts'

const password = 'of-the-operator'

async function loginsAt(t: Test, proxies: string) {
  const { url } = await runGateway(t, {
    roles: ['api'],
    edit: {
      'gateway.yaml': (text) => text.replace('port: 7700', `port: 7700\n  trustedProxies: [${proxies}]`),
    },
    env: { TONGBAN_OPERATOR_PASSWORD_HASH: await hashPassword(password) },
  })
  return async (tried: string, headers: Record<string, string>) => {
    const body = new URLSearchParams({ account: 'admin', password: tried })
    const form = { method: 'POST', body, redirect: 'manual' } as const
    return (await fetch(`${url}/ops/login`, { ...form, headers: { origin: url, ...headers } })).status
  }
}
const from = (address: string) => ({ 'x-forwarded-for': address })

t.test('whoever guesses through a trusted proxy holds up nobody else behind it', async (t) => {
  const login = await loginsAt(t, '"127.0.0.0/8"')
  for (let i = 0; i < 5; i++) t.equal(await login('wrong', from('203.0.113.9')), 401)
  t.equal(await login(password, from('203.0.113.9')), 429)
  t.equal(
    await login(password, from('198.51.100.1, 203.0.113.9')),
    429,
    'what he wrote himself is not believed',
  )
  t.equal(await login(password, from('203.0.113.10')), 303)
  const origin = 'https://intranet.example'
  const asked = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'intranet.example' }
  t.equal(await login(password, { origin, ...asked }), 303, 'an address of the proxy that is not publicUrl')
})

t.test('what anybody else says of whom it speaks for is not believed', async (t) => {
  const login = await loginsAt(t, '"10.9.0.0/16"')
  const origin = 'https://intranet.example'
  const asked = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'intranet.example' }
  t.equal(await login(password, { origin, ...asked }), 403)
  for (let i = 0; i < 5; i++) t.equal(await login('wrong', from(`203.0.113.${i}`)), 401)
  t.equal(await login(password, from('203.0.113.9')), 429)
})
