// The secrets that the pretended city shares with a gateway on the same table. The defaults guard nothing:
// they exist so that a trial runs without preparation. A real system's secret must never be put here.

export interface CitySecrets {
  /** HMAC of all departments, both directions. */
  department: string
  emsAuthorization: string
  /** Base64 of 16 bytes. */
  emsSignKey: string
  /** Signs orders of the branch that runs the second generation of the post's interface. */
  emsBranchSecret: string
  kuaidi100Key: string
  kuaidi100Customer: string
  /** The gateway's own choice; the tracker learns of it with each parcel. */
  kuaidi100Salt: string
  registryToken: string
  /** `whsec_` + Base64. */
  platformWebhook: string
  kaifengToken: string
  countyToken: string
  /** The Health Commission's, whose system can only call out. */
  healthToken: string
  /** Of the exchange database, where it is not given by the place itself. */
  exchangePassword: string
  /** appWord of the rating system, both directions. */
  ratingWord: string
}

/** Variables by name, as the gateway's configuration knows them too. */
export const secretVariables: Readonly<Record<keyof CitySecrets, string>> = {
  department: 'CITY_SECRET',
  emsAuthorization: 'EMS_AUTHORIZATION',
  emsSignKey: 'EMS_SIGN_KEY',
  emsBranchSecret: 'EMS_WEISHI_SECRET',
  kuaidi100Key: 'KUAIDI100_KEY',
  kuaidi100Customer: 'KUAIDI100_CUSTOMER',
  kuaidi100Salt: 'KUAIDI100_SALT',
  registryToken: 'REGISTRY_TOKEN',
  platformWebhook: 'PLATFORM_WEBHOOK_SECRET',
  kaifengToken: 'KAIFENG_PLATFORM_TOKEN',
  countyToken: 'COUNTY_PLATFORM_TOKEN',
  healthToken: 'HEALTH_TOKEN',
  exchangePassword: 'EXCHANGE_DB_PASSWORD',
  ratingWord: 'RATING_APP_WORD',
}

export const sandboxSecrets: CitySecrets = {
  department: 'sandbox-city-secret',
  emsAuthorization: 'sandbox-ems-authorization',
  emsSignKey: 'MDEyMzQ1Njc4OWFiY2RlZg==',
  emsBranchSecret: 'sandbox-ems-branch-secret',
  kuaidi100Key: 'sandboxkey01',
  kuaidi100Customer: 'SANDBOXCUSTOMER0123456789ABCDEF0',
  kuaidi100Salt: 'sandbox-kuaidi100-salt',
  registryToken: 'sandbox-registry-token',
  platformWebhook: 'whsec_c2FuZGJveC1wbGF0Zm9ybS13ZWJob29rLXNlY3JldA==',
  kaifengToken: 'sandbox-kaifeng-platform-token',
  countyToken: 'sandbox-county-platform-token',
  healthToken: 'sandbox-health-token',
  exchangePassword: 'sandbox-exchange-password',
  ratingWord: 'sandbox-rating-app-word',
}

/** The given environment over the sandbox's defaults. */
export function secretsFrom(env: Readonly<Record<string, string | undefined>>): CitySecrets {
  const secrets = { ...sandboxSecrets }
  for (const key of Object.keys(secretVariables) as (keyof CitySecrets)[]) {
    secrets[key] = env[secretVariables[key]] || sandboxSecrets[key]
  }
  return secrets
}

/** As environment variables, for a gateway that is started beside the city. */
export function secretsAsEnvironment(secrets: CitySecrets = sandboxSecrets): Record<string, string> {
  const keys = Object.keys(secretVariables) as (keyof CitySecrets)[]
  return Object.fromEntries(keys.map((key) => [secretVariables[key], secrets[key]]))
}
