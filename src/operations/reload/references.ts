// Why a system cannot go, or become one of another kind, while the gateway runs: what is in force still leads to it,
// or work with it is open. Asks the ledger; changes nothing.

import { settledStates } from '../../domain/case-states.ts'
import type { Catalogue } from '../../domain/catalogue.ts'
import { type OpenWork, openWorkOf } from '../../ledger/configuration.ts'
import type { Pool } from '../../ledger/database.ts'
import type { Settings } from '../../settings/settings.ts'

export interface Reason {
  message: string
  messageZh: string
}

/**
 * What of the configuration in force names the system, one reason for each kind of place. `catalogues` are the one in
 * force and those that wait for their day.
 */
export function referencesTo(
  id: string,
  settings: Pick<Settings, 'postal' | 'clients' | 'rating'>,
  catalogues: readonly Catalogue[],
): Reason[] {
  const matters = catalogues.flatMap((one) => [...one.matters.values()])
  const certificateTypes = catalogues.flatMap((one) => [...one.certificateTypes.values()])
  const routed = matters.filter((one) => [...one.systems.values()].includes(id))
  const registered = certificateTypes.filter((one) => one.registry === id)
  const contracts = [...new Set(settings.postal.values())].filter(
    (one) => one.system === id || one.tracker === id,
  )
  const clients = settings.clients.filter((one) => one.platform === id)
  const rated = settings.rating?.system === id ? settings.rating.events : []
  return [
    ...named(
      routed,
      (one) => one.code,
      `the catalogue in force routes matters to ${id}`,
      `现行事项清单仍路由到 ${id}`,
    ),
    ...named(
      registered,
      (one) => one.code,
      `certificate types in force name ${id}`,
      `现行证照类型仍引用 ${id}`,
    ),
    ...named(
      contracts,
      (one) => one.division,
      `postal contracts in force name ${id}`,
      `现行邮寄合同仍引用 ${id}`,
    ),
    ...named(rated, String, `services are recorded with ${id} at`, `服务记录仍推送到 ${id}，环节`),
    ...named(clients, (one) => one.id, `clients in force submit for ${id}`, `现行客户端仍代表 ${id}`),
  ]
}

const SHOWN = 5

function named<T>(
  list: readonly T[],
  name: (one: T) => string,
  message: string,
  messageZh: string,
): Reason[] {
  if (list.length === 0) return []
  const all = [...new Set(list.map(name))]
  const names = all.slice(0, SHOWN).join(', ')
  const more = all.length > SHOWN
  return [
    {
      message: `${message}: ${names}${more ? ` and ${all.length - SHOWN} more` : ''}`,
      messageZh: `${messageZh}：${names}${more ? ` 等 ${all.length} 项` : ''}`,
    },
  ]
}

/** What is not settled yet with the system, in one reason; none when nothing is. */
export async function openWorkReason(readers: Pool, id: string): Promise<Reason[]> {
  const open = await openWorkOf(readers, id, [...settledStates])
  const words = (Object.keys(wordOf) as (keyof OpenWork)[]).filter((what) => open[what] > 0)
  if (words.length === 0) return []
  return [
    {
      message: `work with ${id} is open: ${words.map((what) => `${open[what]} ${wordOf[what].en}`).join(', ')}`,
      messageZh: `${id} 还有未完成的业务：${words.map((what) => `${open[what]} ${wordOf[what].zh}`).join('，')}`,
    },
  ]
}

const wordOf: Record<keyof OpenWork, { en: string; zh: string }> = {
  transfers: { en: 'transfers (dead letters included)', zh: '项流转（含死信）' },
  cases: { en: 'cases', zh: '个办件' },
  parcels: { en: 'parcels', zh: '个邮件' },
  submissions: { en: 'submissions', zh: '个申办' },
  reservations: { en: 'reserved seats', zh: '个预约' },
}
