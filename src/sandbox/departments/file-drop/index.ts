// A department of the city that has no interface but a shared folder: it looks into it again and again, takes what is
// whole, answers with files, and drops its reports as files. Counter, desk and register are those of every department.

import type { Actor, CityContext } from '../../actor.ts'
import { createCaller, pause } from '../../caller.ts'
import { openCounter } from '../counter.ts'
import { type Shares, usualShares } from '../course.ts'
import { openDesk } from '../desk.ts'
import { openSuffering } from '../misfortune.ts'
import { booksOf, openRegister } from '../project.ts'
import type { FileFormat } from './documents.ts'
import { dropTell } from './drop-report.ts'
import { openFolders } from './folders.ts'
import { takeSets } from './intake.ts'

interface FileDropDepartmentOptions {
  /** The system's id. */
  id: string
  /** Decides the course of every case, and which reports are dropped clumsily. */
  seed: string
  /** Holds out/, in/, ack/, reject/ and done/, which are made when they are missing. */
  folder: string
  shares?: Partial<Shares>
  /** JSON is UTF-8, XML is GB18030; default json. */
  format?: FileFormat
}

const LOOK_MS = 100

export function createFileDropDepartment(context: CityContext, options: FileDropDepartmentOptions): Actor {
  const { id, seed, format = 'json' } = options
  const register = openRegister()
  const stopping = new AbortController()
  const caller = createCaller({ connections: 1 })
  const folders = openFolders(options.folder)
  const tell = dropTell({ folders, register, seed, format, stopping: stopping.signal })
  const desk = openDesk(context, register, stopping.signal, tell)
  const counter = openCounter({
    register,
    desk,
    caller,
    context,
    id,
    seed,
    shares: { ...usualShares, ...options.shares },
    stopping: stopping.signal,
  })
  const misfortunes = { shutAs: 'missing', shut: () => folders.vanish('out') }
  const suffering = openSuffering(context.board, id, misfortunes, stopping.signal)
  const watching = watch(stopping.signal, folders.prepare(), async () => {
    await suffering.before()
    await takeSets({ folders, counter, register, format })
  })
  return {
    name: id,
    routes: () => undefined,
    books: () => booksOf(register),
    async stop() {
      stopping.abort()
      caller.close()
      await watching
    },
  }
}

/** Until the city stops; what fails once is tried again at the next look. */
async function watch(stopping: AbortSignal, ready: Promise<void>, look: () => Promise<void>): Promise<void> {
  await ready
  while (!stopping.aborted) {
    await look().catch(() => undefined)
    await pause(LOOK_MS, stopping).catch(() => undefined)
  }
}
