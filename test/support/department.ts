// A department's engineer at the gateway's door: messages in the house format, signed as agreed.

import { sandboxSecrets } from '../../src/sandbox/secrets.ts'
import { departmentHeaders } from '../../src/sandbox/signature.ts'

interface Said {
  status: number
  /** The house format's own code: '0' is taken. */
  code: string
  message: string
}

interface Department {
  /** Sends a message as it is, signed. */
  push(body: string | Buffer, headers?: Record<string, string>): Promise<Said>
  /** Reports one status of a case; `facts` replace or add members. */
  report(caseId: string, status: string, facts?: Record<string, unknown>): Promise<Said>
}

let events = 0

/** `secret` other than the agreed one: an impostor. */
export function departmentAt(
  url: string,
  id: string,
  secret: string = sandboxSecrets.department,
): Department {
  const path = `/v1/systems/${id}/events`
  const push: Department['push'] = async (body, headers = {}) => {
    const signed = departmentHeaders(id, secret, { method: 'POST', target: path, body })
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...signed, ...headers },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    })
    const text = await answer.text()
    const { code = '', message = '' } = text.startsWith('{') ? JSON.parse(text) : {}
    return { status: answer.status, code, message }
  }
  return {
    push,
    report: (caseId, status, facts) => push(houseReport(caseId, status, facts)),
  }
}

export const houseReport = (caseId: string, status: string, facts: Record<string, unknown> = {}): string =>
  JSON.stringify({
    eventId: `E-${++events}`,
    outerNo: caseId,
    projectNo: `P-${caseId.slice(-8)}`,
    status,
    time: beijing(events),
    ...facts,
  })

/** Each a second after the one before. */
function beijing(seconds: number): string {
  const at = new Date(Date.now() - 3_600_000 + seconds * 1_000 + 8 * 3_600_000)
  return at.toISOString().slice(0, 19).replace('T', ' ')
}

/** An edit of config/: the department speaks the house format and pushes, whatever the city lets it speak. */
export const houseFormat = (id: string): Record<string, () => string> => ({
  [`systems/${id}.yaml`]: () => `title: { zh: 部门, en: A department }
adapter: department-rest
settings:
  preset: house
  baseUrl: \${CITY_URL}/${id}
  signing: { key: ${id}, secret: { env: CITY_SECRET } }
`,
})
