// A real OpenID provider for tests: tokens by client credentials, and whatever else oidc-provider can when it
// is asked to.

import type { Server } from 'node:http'
import { freePort } from './ports.ts'

/** What tests use of oidc-provider, which comes without types. */
interface Provider {
  listen(port: number, host: string): Server
  on(event: 'grant.success' | 'grant.error' | 'server_error', listener: (...told: unknown[]) => void): unknown
  ClientCredentials: { find(token: string): Promise<object | undefined> }
}

type ProviderClass = new (issuer: string, configuration: Record<string, unknown>) => Provider
const { default: OidcProvider }: { default: ProviderClass } = await import('oidc-provider' as string)

/** RFC 7591 metadata. */
type OidcClient = Record<string, unknown> & { client_id: string }

export interface Oidc {
  issuer: string
  tokenUrl: string
  provider: Provider
  /** Tokens handed out so far. */
  readonly granted: number
  /** Whether a bearer token is of this provider and still lives. */
  isValid(authorization: string | undefined): Promise<boolean>
}

interface OidcOptions {
  clients: OidcClient[]
  /** Life of an access token, s; default 600. */
  tokenSeconds?: number
  /** Laid over ours: see oidc-provider's configuration. */
  configuration?: Record<string, unknown> & { features?: Record<string, unknown> }
}

/** A client that may do nothing but ask for tokens. */
export function machineClient(id: string, secret: string, change: Record<string, unknown> = {}): OidcClient {
  return {
    client_id: id,
    client_secret: secret,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'client_secret_basic',
    scope: 'cases',
    ...change,
  }
}

export async function startOidc(
  t: { teardown(fn: () => unknown): void },
  { clients, tokenSeconds = 600, configuration = {} }: OidcOptions,
): Promise<Oidc> {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const provider = new OidcProvider(issuer, {
    clients,
    scopes: ['openid', 'cases'],
    ttl: { ClientCredentials: tokenSeconds },
    ...configuration,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      ...configuration.features,
    },
  })
  let granted = 0
  provider.on('grant.success', () => {
    granted++
  })
  const server = provider.listen(port, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.teardown(() => stop(server))
  return {
    issuer,
    tokenUrl: `${issuer}/token`,
    provider,
    get granted() {
      return granted
    },
    async isValid(authorization) {
      const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1]
      return token !== undefined && (await provider.ClientCredentials.find(token)) !== undefined
    },
  }
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
