// PostgreSQL refuses to run as root. When we are root, its programs run as the user `postgres`; where a folder
// above the checkout is closed to that user, setpriv lends them just the right to look through it.

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const USERS = '/etc/passwd'

export interface RunAs {
  uid?: number
  gid?: number
  /** Put before the command. */
  prefix: string[]
}

/** How to run a PostgreSQL program on `paths`; throws with a sentence when it cannot be done. */
export function runAs(paths: readonly string[]): RunAs {
  if (process.getuid?.() !== 0) return { prefix: [] }
  const { uid, gid } = postgresUser()
  if (paths.every((path) => reachable(path, uid, gid))) return { uid, gid, prefix: [] }
  // Without the securebit, access(2), by which initdb and pg_ctl look for one another, would leave the right
  // out of account.
  const capability = [
    '--securebits=+no_setuid_fixup',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ]
  if (spawnSync('setpriv', ['--version']).status !== 0) {
    throw new Error(
      `The user "postgres" may not enter ${paths.join(' or ')}; PostgreSQL cannot run as root. Open the folder (chmod o+x), set TONGBAN_DATA elsewhere, or set DATABASE_URL.`,
    )
  }
  return {
    uid,
    gid,
    prefix: ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...capability, '--'],
  }
}

function postgresUser(): { uid: number; gid: number } {
  const known = lookUp()
  if (known) return known
  try {
    execFileSync('useradd', ['--system', '--no-create-home', '--user-group', 'postgres'], { stdio: 'ignore' })
  } catch {
    throw new Error(
      'PostgreSQL cannot run as root, and the user "postgres" could not be made. Run as an ordinary user, or set DATABASE_URL.',
    )
  }
  return lookUp()!
}

/** In the machine's own list, or else wherever it looks for users. */
function lookUp(): { uid: number; gid: number } | null {
  const local = /^postgres:[^:]*:(\d+):(\d+):/m.exec(existsSync(USERS) ? readFileSync(USERS, 'utf8') : '')
  if (local) return { uid: Number(local[1]), gid: Number(local[2]) }
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return uid!.status === 0 && gid!.status === 0
    ? { uid: Number(uid!.stdout), gid: Number(gid!.stdout) }
    : null
}

/** By the mode bits of it and everything above it; false is safe where more than these decides. */
function reachable(path: string, uid: number, gid: number): boolean {
  try {
    for (let at = realpathSync(path); ; at = dirname(at)) {
      const { mode, uid: owner, gid: group } = statSync(at)
      const search = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001
      if ((mode & search) === 0) return false
      if (at === dirname(at)) return true
    }
  } catch {
    return false
  }
}
