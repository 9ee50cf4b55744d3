// A report of the desk as a file in in/, until the gateway's acknowledgement file says what became of it.
// Some reports are dropped clumsily, by the seed: the manifest before the file is whole, or the same report twice.

import { pause } from '../../caller.ts'
import { fraction } from '../../random.ts'
import type { Report, Tell } from '../desk.ts'
import { count, type Register } from '../project.ts'
import { type FileFormat, readDocument, writeDocument } from './documents.ts'
import { type Folders, manifestOf } from './folders.ts'

interface ReportParts {
  folders: Folders
  register: Register
  seed: string
  format: FileFormat
  stopping: AbortSignal
}

const LOOK_MS = 100
const HALF_WRITTEN_MS = 150
const HALF_WRITTEN_SHARE = 0.1
const TWICE_SHARE = 0.1

export function dropTell(parts: ReportParts): Tell {
  return async (report) => {
    const taken = await tell(parts, `${report.projectNo}_${numbered(report)}`, report)
    if (taken && chance(parts, report, 'twice', TWICE_SHARE)) {
      count(parts.register, 'reportsTwice')
      await tell(parts, `${report.projectNo}_${numbered(report)}_again`, report)
    }
    return taken
  }
}

/** Files of one case sort in the order of its events. */
const numbered = ({ eventId }: Report): string => eventId.slice(eventId.lastIndexOf('-') + 1).padStart(4, '0')

const chance = ({ seed }: ReportParts, { eventId }: Report, what: string, share: number): boolean =>
  fraction(seed, eventId, what) < share

async function tell(parts: ReportParts, base: string, report: Report): Promise<boolean> {
  const { folders, format } = parts
  const name = `${base}.${format}`
  const bytes = writeDocument({ ...report }, 'event', format)
  await folders.remove('ack', `${name}.ack`)
  if (chance(parts, report, 'half', HALF_WRITTEN_SHARE)) await clumsily(parts, name, bytes)
  await folders.write('in', name, bytes)
  await folders.write('in', `${name}.mf`, manifestOf(name, bytes))
  return acknowledged(parts, name)
}

async function clumsily(
  { folders, register, stopping }: ReportParts,
  name: string,
  bytes: Buffer,
): Promise<void> {
  count(register, 'reportsHalfWritten')
  await folders.write('in', `${name}.mf`, manifestOf(name, bytes))
  await folders.scribble('in', name, bytes.subarray(0, Math.floor(bytes.length / 2)))
  await pause(HALF_WRITTEN_MS, stopping)
}

/** Waits as long as it takes: a gateway that is down finds the file when it is back. */
async function acknowledged({ folders, format, stopping }: ReportParts, name: string): Promise<boolean> {
  for (;;) {
    const bytes = await folders.read('ack', `${name}.ack`)
    const ack = bytes && readDocument(bytes, format)
    if (ack) return ack.outcome === 'recorded' || ack.outcome === 'duplicate'
    await pause(LOOK_MS, stopping)
  }
}
