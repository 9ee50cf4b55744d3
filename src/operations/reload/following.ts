// One process of an installation applies a configuration, the others follow: each looks at the newest applied version
// and applies it when its own files are the same. It never applies files that nobody asked for.

import type { Logger } from 'pino'
import {
  newestApplied,
  type ProcessConfiguration,
  recordProcess,
  recordStart,
} from '../../ledger/configuration.ts'
import { isAway } from '../../ledger/database.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Part } from '../../settings/differences.ts'
import { configurationVersion } from '../../settings/files.ts'
import type { Settings } from '../../settings/settings.ts'

/** What this process has in force, and how far it has followed. */
export interface Standing {
  /** Of its systems and limits; everything else is as it was at the start. */
  settings: Settings
  /** Read since the start, but in force only after a restart. */
  waiting: readonly Part[]
  state: ProcessConfiguration['state']
  /** The newest applied entry that this process has dealt with. */
  followed: number
}

interface FollowDeps {
  ledger: Pick<Ledger, 'readers' | 'writers' | 'presence'>
  log: Pick<Logger, 'warn' | 'error'>
  standing: Standing
  /** Brings in the files, which must be of this version. */
  bringIn(by: string, version: string): Promise<'applied' | 'unchanged' | 'refused'>
  /** One change at a time. */
  inLine<T>(work: () => Promise<T>): Promise<T>
}

interface Following {
  close(): void
}

const EVERY_MS = 1_000

/** Notes what this process starts with, and follows from then on. */
export async function startFollowing(deps: FollowDeps): Promise<Following> {
  const { ledger, log, standing } = deps
  const process = ledger.presence.owner
  let closed = false
  let timer: NodeJS.Timeout | undefined

  async function follow(): Promise<void> {
    const newest = await newestApplied(ledger.readers)
    if (!newest || (newest.id === standing.followed && standing.state !== 'differs')) return
    const ours = await configurationVersion(standing.settings.configDir)
    if (ours !== newest.version) return differ(newest.id, newest.version)
    const before = standing.followed
    standing.followed = newest.id
    try {
      if ((await deps.bringIn(`process:${process}`, newest.version)) === 'refused')
        await note(deps, 'refused')
    } catch (error) {
      standing.followed = before
      throw error
    }
  }

  /** Said once for each version. */
  async function differ(id: number, version: string): Promise<void> {
    if (standing.state === 'differs' && standing.followed === id) return
    standing.followed = id
    const { configDir, version: inForce } = standing.settings
    log.warn(
      { newest: version, inForce, configDir },
      'configuration.differs: the files of this process are not those of the newest version · 本进程的配置文件与最新版本不一致',
    )
    await note(deps, 'differs')
  }

  function again(): void {
    if (closed) return
    timer = setTimeout(() => {
      void deps
        .inLine(follow)
        .catch((error) => {
          if (!isAway(error)) log.error({ err: error }, 'configuration.follow')
        })
        .finally(again)
    }, EVERY_MS)
    timer.unref()
  }

  await recordStart(ledger.writers, process, standing.settings.version)
  const newest = (await newestApplied(ledger.readers))!
  if (newest.version === standing.settings.version) {
    standing.followed = newest.id
    await note(deps, 'current')
  } else await differ(newest.id, newest.version)
  again()
  return {
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}

/** For operators to see where each process stands. */
export async function note(
  { ledger, standing }: Pick<FollowDeps, 'ledger' | 'standing'>,
  state: Standing['state'],
): Promise<void> {
  standing.state = state
  await recordProcess(ledger.writers, {
    process: ledger.presence.owner,
    version: standing.settings.version,
    newest: standing.followed,
    state,
  })
}
