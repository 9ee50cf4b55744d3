// The proxies in front of the gateway: addresses or ranges, each written so that it can be compared with a caller's.

import { isIP } from 'node:net'
import type { GatewayFile } from '../../schemas/types.ts'
import type { Checked } from './checked.ts'

/** A range that spans everybody is no proxy: whoever calls could then say who he is. */
export function checkProxies({ source, data }: Checked<GatewayFile>): void {
  for (const [index, text] of (data.http?.trustedProxies ?? []).entries())
    if (!isAddressOrRange(text))
      source.report(
        `/http/trustedProxies/${index}`,
        'This must be an IP address, or a range such as 10.0.0.0/8',
        '必须是 IP 地址，或 10.0.0.0/8 形式的网段',
      )
}

function isAddressOrRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}
