// One request to the SFTP server and what its answer says, within its time, by the names of failures; those
// that many need.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Charset } from '../../src/adapter-kit/http.ts'
import { codeOf, fileFault, lost } from './faults.ts'
import type { Answer } from './sftp-channel.ts'
import { type Session, unlessAborted } from './sftp-connection.ts'
import {
  type Attributes,
  answers,
  type Field,
  type Fields,
  readAttributes,
  requests,
} from './sftp-packets.ts'

export interface Line {
  session: Session
  signal: AbortSignal
  requestMs: number
  base: string
  fileNames: Charset
}

/** The answer that is wanted, and what it says. */
interface Wanted<T> {
  type: number
  read(fields: Fields): T
}

export const done: Wanted<void> = { type: answers.status, read: () => undefined }
export const handle: Wanted<Buffer> = { type: answers.handle, read: (fields) => fields.bytes() }
export const data: Wanted<Buffer> = { type: answers.data, read: (fields) => fields.bytes() }
const attributes: Wanted<Attributes> = { type: answers.attrs, read: readAttributes }

export interface Named {
  bytes: Buffer
  attributes: Attributes
}

export const page: Wanted<Named[]> = {
  type: answers.name,
  read: (fields) =>
    Array.from({ length: fields.number() }, () => {
      const bytes = fields.bytes()
      // A line as `ls -l` prints it, for people.
      fields.bytes()
      return { bytes, attributes: readAttributes(fields) }
    }),
}

/** One request. Silence or nonsense cuts the connection: nothing more can be believed of it. */
export const ask = <T>(
  line: Line,
  doing: string,
  type: number,
  fields: readonly Field[],
  wanted: Wanted<T>,
): Promise<T> => heard(line, doing, () => answerTo(line, doing, type, fields), wanted)

/** One that carries much, there or back, in its turn. */
export const askInTurn = <T>(
  line: Line,
  doing: string,
  type: number,
  fields: readonly Field[],
  wanted: Wanted<T>,
): Promise<T> => {
  const inTurn = async () => {
    if (line.signal.aborted) throw lost(doing, line.signal.reason)
    return answerTo(line, doing, type, fields)
  }
  return heard(line, doing, () => line.session.window.through(inTurn), wanted)
}

async function heard<T>(
  line: Line,
  doing: string,
  answer: () => Promise<Answer>,
  wanted: Wanted<T>,
): Promise<T> {
  if (line.signal.aborted) throw lost(doing, line.signal.reason)
  return understood(line, doing, await unlessAborted(line.signal, doing, answer()), wanted)
}

/** Waited for also when the attempt was stopped: until then it is on the line. */
async function answerTo(line: Line, doing: string, type: number, fields: readonly Field[]): Promise<Answer> {
  const { promise, reject } = Promise.withResolvers<never>()
  const silent = AbortSignal.timeout(line.requestMs)
  const stop = AbortSignal.any([line.session.ended, silent])
  const stopped = () => {
    if (silent.aborted) line.session.cut()
    reject(lost(doing, stop.reason))
  }
  if (stop.aborted) throw lost(doing, stop.reason)
  stop.addEventListener('abort', stopped, { once: true })
  try {
    return await Promise.race([asked(line, doing, type, fields), promise])
  } finally {
    stop.removeEventListener('abort', stopped)
  }
}

function understood<T>(line: Line, doing: string, answer: Answer, wanted: Wanted<T>): T {
  try {
    if (answer.type === wanted.type) return wanted.read(answer.fields)
    throw new RangeError(`an answer of type ${answer.type} instead of ${wanted.type}`)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    line.session.cut()
    throw lost(doing, error)
  }
}

async function asked(line: Line, doing: string, type: number, fields: readonly Field[]): Promise<Answer> {
  try {
    return await line.session.channel.ask(type, fields)
  } catch (error) {
    throw fileFault(doing, codeOf(error), error)
  }
}

const END = 'SSH_1'
export const NO_SUCH_FILE = 'SSH_2'

export const unlessEnd = <T>(asked: Promise<T>): Promise<T | undefined> => unless(END, asked, undefined)
export const absentIs = <T, U>(asked: Promise<T>, otherwise: U): Promise<T | U> =>
  unless(NO_SUCH_FILE, asked, otherwise)

async function unless<T, U>(code: string, asked: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof AdapterFailure && error.code === code) return otherwise
    throw error
  }
}

/** Null when it is not there. */
export const looked = (line: Line, path: Buffer): Promise<Attributes | null> =>
  absentIs(ask(line, '查看文件 (looking at a file)', requests.lstat, [path], attributes), null)

/** Also after the attempt was stopped. */
export const closed = (line: Line, opened: Buffer): Promise<void> =>
  ask(
    { ...line, signal: new AbortController().signal },
    '关闭文件 (closing a file)',
    requests.close,
    [opened],
    done,
  )

/**
 * Nothing more can be done about a handle of which nothing was written and that will not close; the
 * connection's end frees it.
 */
export const closeHandle = (line: Line, opened: Buffer): Promise<void> =>
  closed(line, opened).catch(() => undefined)

export const offers = (line: Line, extension: string): boolean =>
  line.session.channel.extensions.has(extension)
