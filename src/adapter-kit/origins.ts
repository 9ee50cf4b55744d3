// Where a system's client may connect to: registered origins only, and never a link-local or metadata address,
// whatever a name resolves to at the moment of dialling.

import { lookup as resolve } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { AdapterFailure } from './failures.ts'

/** The origin of an http(s) URL. @throws AdapterFailure 'unrecognised' for any other text */
export function originOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) {
    throw new AdapterFailure('unrecognised', 'The address is not an absolute http or https URL', {
      sent: false,
    })
  }
  return parsed.origin
}

/**
 * The origins that a system's settings name: every text whose schema says `format: uri`, at any depth.
 * A system's client is given these as `allowedOrigins`.
 */
export function originsIn(schema: unknown, settings: unknown): string[] {
  const origins = new Set<string>()
  collect(schema, settings, origins)
  return [...origins]
}

interface SchemaNode {
  format?: string
  pattern?: string
  anyOf?: unknown[]
  properties?: Record<string, unknown>
  items?: unknown
  additionalProperties?: unknown
}

function collect(schema: unknown, value: unknown, found: Set<string>): void {
  if (typeof schema !== 'object' || schema === null) return
  const { format, pattern, anyOf = [], properties, items, additionalProperties } = schema as SchemaNode
  for (const branch of anyOf) collect(branch, value, found)
  if (typeof value === 'string') {
    if (format === 'uri' && fits(value, pattern)) found.add(originOf(value))
  } else if (Array.isArray(value)) {
    for (const one of value) collect(items, one, found)
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, one] of Object.entries(value))
      collect(properties?.[name] ?? additionalProperties, one, found)
  }
}

/** A text that its pattern does not fit is of another branch: the schema was checked before. */
const fits = (value: string, pattern: string | undefined) =>
  pattern === undefined || new RegExp(pattern, 'u').test(value)

const neverDialled = new BlockList()
neverDialled.addSubnet('169.254.0.0', 16, 'ipv4')
neverDialled.addAddress('100.100.100.200', 'ipv4')
neverDialled.addSubnet('0.0.0.0', 8, 'ipv4')
neverDialled.addSubnet('224.0.0.0', 4, 'ipv4')
neverDialled.addSubnet('fe80::', 10, 'ipv6')
neverDialled.addAddress('fd00:ec2::254', 'ipv6')
neverDialled.addAddress('::', 'ipv6')

/** Whether an address may be dialled; `networks` are CIDR ranges, and narrow it when given. */
export function dialGuard(networks: readonly string[] | undefined): (address: string) => boolean {
  const allowed = networks && rangesOf(networks)
  return (address) => {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    return !neverDialled.check(address, family) && (allowed?.check(address, family) ?? true)
  }
}

function rangesOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  return list
}

/** A look-up for sockets that leaves out every address the guard refuses. */
export function guardedLookup(mayDial: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '')
      const dialled = addresses.filter(({ address }) => mayDial(address))
      const first = dialled[0]
      if (!first) return callback(refusal(), '')
      if (options.all) callback(null, dialled)
      else callback(null, first.address, first.family)
    })
  }
}

function refusal(): NodeJS.ErrnoException {
  return Object.assign(new Error('the address may not be dialled'), { code: 'EADDRREFUSED' })
}
