// What a department says of an item of its inbox is read as strictly as anything else: a misspelt member would be lost.

import t from 'tap'
import { sandboxSecrets } from '../../../src/sandbox/secrets.ts'
import { platformAt } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'
import { nothingKept, refused } from './refused.ts'

const running = await runGateway(t, { roles: ['api'] })
const health = platformAt(running.url, sandboxSecrets.healthToken)

t.test('a verdict that is not understood whole is refused', async (t) => {
  await nothingKept(t, running, async () => {
    const rows: [body: unknown, faults: string[]][] = [
      [{ outcome: 'taken', refrence: 'HEAL-1' }, ['/refrence unknown-field']],
      [{ outcome: 'refused', reason: '不属于本机关', until: 'x' }, ['/until unknown-field']],
      [{ outcome: 'perhaps', reference: '' }, ['/outcome invalid-value', '/reference invalid-value']],
      [[], [' invalid-type']],
      ['taken', [' invalid-type']],
    ]
    for (const [body, faults] of rows) {
      const ask = { body: JSON.stringify(body), key: null }
      refused(t, await health.post('/v1/systems/health/inbox/trf_1/ack', ask), 'invalid-request', faults)
    }
    const right = { body: { outcome: 'taken', reference: 'HEAL-1' }, key: null }
    refused(t, await health.post('/v1/systems/health/inbox/trf_1/ack', right), 'not-found')
  })
})
