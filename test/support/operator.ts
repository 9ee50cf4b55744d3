// An operator at the gateway's door: an account for the environment, and a session as headers.

import { hashPassword } from '../../src/security/passwords.ts'

const PASSWORD = '开封-correct-horse'

/** The variable that makes the account `admin` of config/gateway.yaml exist. */
export const operatorEnvironment = async (): Promise<Record<string, string>> => ({
  TONGBAN_OPERATOR_PASSWORD_HASH: await hashPassword(PASSWORD),
})

/** Logs in; what to add to a request. */
export async function asOperator(
  url: string,
): Promise<{ token: null; headers: { cookie: string; origin: string } }> {
  const answer = await fetch(`${url}/ops/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ account: 'admin', password: PASSWORD }),
  })
  if (answer.status !== 303) throw new Error(`no session: ${answer.status}`)
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0]!
  return { token: null, headers: { cookie, origin: url } }
}
