// One department's database: a pool, sessions that the attempt's signal ends, and transactions. Whatever goes wrong
// leaves here as an AdapterFailure. It must not know what is asked.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { type Fault, failureOf, type Phase } from './faults.ts'
import { render, type Statement, sql, type Value, type Writing } from './sql.ts'

/** Every value as text, whatever its type. */
export type Row = Readonly<Record<string, string | null>>

export interface Answer {
  rows: readonly Row[]
  affected: number
}

export interface Session {
  /** @param about the table it is for, as the department calls it: said when it fails */
  run(statement: Statement, about?: string): Promise<Answer>
}

/** One connection of a driver's pool. */
export interface Connection {
  run(text: string, values: readonly Value[]): Promise<Answer>
  release(): void
  /** Ends it at once, without a word to the server. */
  destroy(): void
}

/** What differs between the two kinds of server. */
export interface Dialect extends Writing {
  /** A column as text, cut after so many characters. */
  text(column: Statement, characters: number): Statement
  /** One text for all keys that the server may hold for the same. */
  folded(key: string): string
  /** The server's time so many seconds ago, as columns of times have it. */
  ago(seconds: number): Statement
  /** The server's time in seconds since 1970. */
  epoch: Statement
  /** Held until the transaction's end by whoever asks for this name first. */
  lock(name: string): { take: Statement; give?: Statement }
}

export interface Driver {
  dialect: Dialect
  /** A connection that is set up; rejects with the driver's own error. */
  connect(): Promise<Connection>
  fault(error: unknown): Fault
  close(): Promise<void>
}

export interface Database {
  dialect: Dialect
  /** Statements that stand alone. */
  session<T>(signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T>
  /** All or nothing; given a name, one after the other among all who give the same. */
  transaction<T>(signal: AbortSignal, work: (session: Session) => Promise<T>, lockName?: string): Promise<T>
  close(): Promise<void>
}

interface Line extends Session {
  /** Statements of the transaction itself. */
  control(statement: Statement, phase?: Phase): Promise<Answer>
}

/** @param statementTimeoutMs how long the answer to one statement is waited for */
export function openDatabase(driver: Driver, statementTimeoutMs: number): Database {
  const { dialect } = driver
  const onLine = async <T>(signal: AbortSignal, work: (line: Line) => Promise<T>): Promise<T> => {
    const connection = await connect(driver, signal)
    let usable = true
    const send = async (statement: Statement, phase: Phase, about: string): Promise<Answer> => {
      if (!usable) throw failureOf(silence, phase, about, undefined)
      const { text, values } = render(statement, dialect)
      const patience = AbortSignal.any([signal, AbortSignal.timeout(statementTimeoutMs)])
      try {
        return await until(connection.run(text, values), patience)
      } catch (error) {
        const fault = error === stopped ? silence : driver.fault(error)
        if (endsConnection.has(fault.meaning)) usable = false
        throw failureOf(fault, phase, about, error)
      }
    }
    try {
      return await work({
        run: (statement, about = '') => send(statement, 'statement', about),
        control: (statement, phase = 'statement') => send(statement, phase, ''),
      })
    } finally {
      if (usable) connection.release()
      else connection.destroy()
    }
  }
  return {
    dialect,
    session: onLine,
    transaction: (signal, work, lockName) =>
      onLine(signal, (line) => inTransaction(line, work, lockName ? dialect.lock(lockName) : undefined)),
    close: () => driver.close(),
  }
}

async function inTransaction<T>(
  line: Line,
  work: (session: Session) => Promise<T>,
  lock: { take: Statement; give?: Statement } | undefined,
): Promise<T> {
  await line.control(sql`begin`)
  try {
    if (lock) await takeLock(line, lock.take)
    const answer = await work(line)
    await line.control(sql`commit`, 'commit')
    return answer
  } catch (error) {
    await line.control(sql`rollback`).catch(() => undefined)
    throw error
  } finally {
    if (lock?.give) await line.control(lock.give).catch(() => undefined)
  }
}

async function takeLock(line: Line, take: Statement): Promise<void> {
  const { rows } = await line.control(take)
  const taken = rows[0]?.taken
  if (taken !== undefined && taken !== '1')
    throw new AdapterFailure('unavailable', '等待办件锁超时 (another writer holds the lock of this case)')
}

const silence: Fault = { meaning: 'silent', code: 'no answer' }
const endsConnection: ReadonlySet<Fault['meaning']> = new Set(['lost', 'silent'])

async function connect(driver: Driver, signal: AbortSignal): Promise<Connection> {
  const coming = driver.connect()
  try {
    return await until(coming, signal)
  } catch (error) {
    if (error !== stopped) throw failureOf(driver.fault(error), 'connect', '', error)
    coming.then(
      (late) => late.release(),
      () => undefined,
    )
    throw failureOf(silence, 'connect', '', error)
  }
}

const stopped = new Error('stopped')

/** The promise's outcome, or `stopped` as soon as the signal aborts. */
function until<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(stopped)
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}
