// Where the city and a gateway meet other than by HTTP: a shared folder, and a database between them. Both sides learn of
// them by the same variables.

export interface SharedPlaces {
  /** Holds one folder for each department that speaks by files. */
  dropFolder?: string
  /** PostgreSQL with the exchange tables. */
  exchangeDatabaseUrl?: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** As environment variables, for the city and for a gateway beside it. */
export function placesAsEnvironment({
  dropFolder,
  exchangeDatabaseUrl,
}: SharedPlaces): Record<string, string> {
  const url = exchangeDatabaseUrl === undefined ? undefined : new URL(exchangeDatabaseUrl)
  return {
    ...(dropFolder === undefined ? {} : { CITY_DROP_FOLDER: dropFolder }),
    ...(url
      ? {
          EXCHANGE_DB_HOST: url.hostname,
          EXCHANGE_DB_PORT: url.port || '5432',
          EXCHANGE_DB_NAME: decodeURIComponent(url.pathname.slice(1)),
          EXCHANGE_DB_USER: decodeURIComponent(url.username),
          ...(url.password ? { EXCHANGE_DB_PASSWORD: decodeURIComponent(url.password) } : {}),
        }
      : {}),
  }
}

/** The same, read back; a database only when its host is named. */
export function placesFrom(env: Environment): SharedPlaces {
  const { CITY_DROP_FOLDER: dropFolder, EXCHANGE_DB_HOST: host } = env
  const places: SharedPlaces = dropFolder ? { dropFolder } : {}
  if (!host) return places
  const url = new URL('postgres://localhost')
  url.hostname = host
  url.port = env.EXCHANGE_DB_PORT ?? '5432'
  url.pathname = `/${encodeURIComponent(env.EXCHANGE_DB_NAME ?? 'exchange')}`
  url.username = encodeURIComponent(env.EXCHANGE_DB_USER ?? '')
  url.password = encodeURIComponent(env.EXCHANGE_DB_PASSWORD ?? '')
  return { ...places, exchangeDatabaseUrl: url.href }
}
