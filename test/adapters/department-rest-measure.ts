// Measures what a mapping in JSONata costs, in a process of its own: a test runner that follows every promise would be
// measured with it. Prints { mapping: milliseconds of CPU a case } as JSON.

import { compiler } from '../../adapters/department-rest/expressions.ts'
import { epointUnion } from '../../adapters/department-rest/presets/epoint-union.ts'
import { compileRequest } from '../../adapters/department-rest/requests.ts'
import type { CaseContent } from '../../src/adapter-kit/contract.ts'
import { GIVEN_KEY, GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'

const ROUND = 500

/** As the house preset says it, but by configuration. */
const houseLike = {
  outerNo: '=caseId',
  submissionNo: '=submissionId',
  itemCode: '=matter.taskCode ? matter.taskCode : matter.code',
  itemName: '=matter.name',
  areaCode: '=homeDivision',
  sourceArea: '=division',
  applyType: "=$code('applyType', mode)",
  applyTime: '=$localTime(submittedAt)',
  applicant: {
    kind: "=applicant.type = 'person' ? '1' : '2'",
    name: '=applicant.name',
    certType: '=applicant.idType',
    certNo: '=applicant.idNumber',
    phone: '=applicant.mobile',
  },
  formData: '=form',
  materials:
    '=[materials.{ "code": code, "name": name, "form": source, "licenseNo": certificate.identifier, "files": [files.{ "name": fileName, "url": url, "size": size, "sha256": sha256, "type": mediaType }] }]',
}

const context = {
  key: GIVEN_KEY,
  now: GIVEN_NOW,
  carry: () => ({ url: 'https://gateway.example/v1/files/x' }),
}
const tables = { applyType: { online: '1', agent: '2', appointment: '3' }, ...epointUnion.settings.tables }

/** Milliseconds of this process's CPU for one case, the best of a few rounds: the machine has other work. */
async function cpuOf(body: unknown): Promise<number> {
  const say = compileRequest<CaseContent>(
    { method: 'POST', path: '/cases', body },
    'speed',
    compiler('+08:00', tables),
  )
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 8; round++) {
    const before = process.cpuUsage()
    for (let i = 0; i < ROUND; i++) await say(givens['case-online'], context)
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / 1000 / ROUND)
  }
  return best
}

const bodies = {
  'house, by configuration': houseLike,
  'epoint-union': epointUnion.settings.operations?.submitCase?.send?.body,
}
const costs: Record<string, number> = {}
for (const [name, body] of Object.entries(bodies)) costs[name] = await cpuOf(body)
process.stdout.write(JSON.stringify(costs))
