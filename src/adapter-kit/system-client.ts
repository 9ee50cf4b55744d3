// The HTTP client of a configured system, from what its settings say: the one place that knows the conventions
// `baseUrl` and `tls` of adapter settings, and that every `format: uri` names a registered origin.

import type { AdapterManifest } from './contract.ts'
import type { HttpClientOptions, SystemHttpClient, TlsOptions } from './http.ts'
import { createHttpClient } from './http-client.ts'
import { originsIn } from './origins.ts'

interface Conventions {
  baseUrl?: string
  tls?: TlsOptions
}

/** @param settings the system's own, validated by the manifest's schema */
export function systemHttpClient(
  manifest: Pick<AdapterManifest, 'settings'>,
  settings: unknown,
  limits: Pick<HttpClientOptions, 'timeoutMs' | 'connections' | 'maxBytes' | 'allowedNetworks'>,
): SystemHttpClient {
  const { baseUrl, tls } = (settings ?? {}) as Conventions
  return createHttpClient({
    ...limits,
    allowedOrigins: originsIn(manifest.settings, settings),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(tls === undefined ? {} : { tls }),
  })
}
