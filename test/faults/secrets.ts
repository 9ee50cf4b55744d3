// The environment that the gateway's own config/ and the simulated city share in a fault run.
// Made anew for each run and worth nothing outside it.

import { randomBytes } from 'node:crypto'
import { secretsAsEnvironment } from '../../src/sandbox/secrets.ts'

/** Every variable that config/ and the city refer to, with secrets of this run. */
export function cityEnvironment(cityPort: number): Record<string, string> {
  const text = () => randomBytes(24).toString('hex')
  return {
    CITY_URL: `http://127.0.0.1:${cityPort}`,
    ...secretsAsEnvironment({
      department: text(),
      emsAuthorization: text(),
      emsSignKey: randomBytes(16).toString('base64'),
      emsBranchSecret: text(),
      kuaidi100Key: text(),
      kuaidi100Customer: text(),
      kuaidi100Salt: text(),
      registryToken: text(),
      platformWebhook: `whsec_${randomBytes(32).toString('base64')}`,
      kaifengToken: text(),
      countyToken: text(),
      healthToken: text(),
      exchangePassword: text(),
      ratingWord: text(),
    }),
  }
}
