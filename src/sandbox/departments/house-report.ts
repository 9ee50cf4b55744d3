// A report in the house format, pushed to the gateway and signed anew on every try.

import type { CityContext } from '../actor.ts'
import { departmentHeaders } from '../signature.ts'
import type { Tell } from './desk.ts'

export function houseTell(context: CityContext, { id, secret }: { id: string; secret: string }): Tell {
  const path = `/v1/systems/${id}/events`
  const target = new URL(context.gatewayUrl + path).pathname
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  return async (report) => {
    const body = JSON.stringify(report)
    const sign = () => departmentHeaders(id, secret, { method: 'POST', target, body })
    const answer = await context.push(id, { method: 'POST', path, headers, body, sign })
    return answer.status >= 200 && answer.status < 300 && /"code"\s*:\s*"0"/.test(answer.body)
  }
}
