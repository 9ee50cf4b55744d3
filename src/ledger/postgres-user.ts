// PostgreSQL refuses to run as root. When we are root, its programs run as the user `postgres`; where a folder
// above the checkout is closed to that user, setpriv lends them just the right to look through it.

import { execFileSync, spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'

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
  // Without the securebit, access(2), by which initdb and pg_ctl look for one another, would leave the right out of account.
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
  const read = (): { uid: number; gid: number } | null => {
    const ids = (['-u', '-g'] as const).map((flag) =>
      spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }),
    )
    return ids.every((one) => one.status === 0)
      ? { uid: Number(ids[0]!.stdout), gid: Number(ids[1]!.stdout) }
      : null
  }
  const known = read()
  if (known) return known
  try {
    execFileSync('useradd', ['--system', '--no-create-home', '--user-group', 'postgres'], { stdio: 'ignore' })
  } catch {
    throw new Error(
      'PostgreSQL cannot run as root, and the user "postgres" could not be made. Run as an ordinary user, or set DATABASE_URL.',
    )
  }
  return read()!
}

function reachable(path: string, uid: number, gid: number): boolean {
  try {
    accessSync(path, constants.F_OK)
  } catch {
    return false
  }
  return spawnSync('test', ['-x', path], { uid, gid }).status === 0
}
