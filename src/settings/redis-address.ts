// What REDIS_URL may say: one Redis, one whose master Sentinels know, or a cluster. The last two are written as Lettuce
// and Spring write them.
//
//   redis://[user:password@]host[:6379][/database]              rediss:// with TLS
//   redis-sentinel://[user:password@]host[:26379],…[/database]#master[?sentinelPassword=…]
//   redis-cluster://[user:password@]host[:6379],…                rediss-…:// with TLS

export type RedisAddress =
  | { kind: 'one'; url: string }
  | ({ kind: 'sentinel'; master: string; database: number; sentinel: Login } & Several)
  | ({ kind: 'cluster' } & Several)

interface Several {
  /** Some of those that tell where the others are. */
  nodes: { host: string; port: number }[]
  login: Login
  tls: boolean
}

interface Login {
  username?: string
  password?: string
}

const SEVERAL =
  /^(?<scheme>rediss?)-(?<kind>sentinel|cluster):\/\/(?:(?<login>[^@/?#]*)@)?(?<hosts>[^@/?#]+)(?:\/(?<database>\d*))?(?:\?(?<query>[^#]*))?(?:#(?<master>[^?#]+))?$/
const HOST = /^(?:\[(?<six>[0-9a-fA-F:.]+)\]|(?<name>[\w.-]+))(?::(?<port>\d{1,5}))?$/
const PORTS = { sentinel: 26379, cluster: 6379 }

/** Null for what is none. */
export function redisAddress(text: string): RedisAddress | null {
  if (text.startsWith('/') || (/^rediss?:\/\//.test(text) && URL.canParse(text)))
    return { kind: 'one', url: text }
  const parts = SEVERAL.exec(text)?.groups
  if (!parts) return null
  const kind = parts.kind as keyof typeof PORTS
  const nodes = parts.hosts!.split(',').map((host) => nodeOf(host, PORTS[kind]))
  const login = loginOf(parts.login)
  if (nodes.includes(null) || login === null) return null
  const several = { nodes: nodes as Several['nodes'], login, tls: parts.scheme === 'rediss' }
  const query = new URLSearchParams(parts.query)
  return kind === 'cluster' ? clusterOf(several, parts, query) : sentinelOf(several, parts, query)
}

type Parts = Readonly<Record<string, string | undefined>>

/** A cluster has no databases and no master of a name. */
const clusterOf = (
  several: Several,
  { database, master }: Parts,
  query: URLSearchParams,
): RedisAddress | null => (database || master || query.size > 0 ? null : { kind: 'cluster', ...several })

function sentinelOf(
  several: Several,
  { database, master: named }: Parts,
  query: URLSearchParams,
): RedisAddress | null {
  const { sentinelMasterId, sentinelUsername, sentinelPassword, ...others } = Object.fromEntries(query)
  const master = named === undefined ? sentinelMasterId : decoded(named)
  if (!master || Object.keys(others).length > 0) return null
  const sentinel = {
    ...(sentinelUsername ? { username: sentinelUsername } : {}),
    ...(sentinelPassword ? { password: sentinelPassword } : {}),
  }
  return { kind: 'sentinel', ...several, master, database: Number(database ?? 0), sentinel }
}

function nodeOf(text: string, usual: number): { host: string; port: number } | null {
  const { six, name, port } = HOST.exec(text)?.groups ?? {}
  const host = six ?? name
  return host === undefined || Number(port) > 65_535 ? null : { host, port: Number(port ?? usual) }
}

/** `user:password`, `:password`, or a password alone. */
function loginOf(text: string | undefined): Login | null {
  if (!text) return {}
  const colon = text.indexOf(':')
  const username = decoded(text.slice(0, Math.max(colon, 0)))
  const password = decoded(text.slice(colon + 1))
  if (username === null || password === null) return null
  return { ...(username ? { username } : {}), ...(password ? { password } : {}) }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
