// The place where files are exchanged, as both transports offer it: a folder, or an SFTP server's.
// Only primitives live here; in which order they make a file appear whole is placing.ts.

import type { AdapterFailure } from '../../src/adapter-kit/failures.ts'

/** A regular file; directories, links and devices are never shown. */
export interface Entry {
  name: string
  /** Bytes. */
  size: number
  /** By the clock of the machine that holds the file; whole seconds over SFTP. */
  mtimeMs: number
}

export interface Listed {
  entries: Entry[]
  /** Files whose names are not text of the configured charset: they can be neither read nor moved. */
  unreadableNames: number
}

/** By what is known of a file beside its name. */
export type Matters = (entry: Entry) => boolean

/**
 * Paths are relative to the root, with '/'. Every call throws AdapterFailure: 'unavailable' (`sent: false`, code
 * `CONNECTION_LOST` when no answer came), 'unauthorised', or 'rejected' where the name itself cannot be.
 */
export interface Drop {
  /**
   * At most `limit` files of those that are wanted by name and that matter, in no order; the others count for
   * nothing.
   */
  list(
    directory: string,
    limit: number,
    wanted: (name: string) => boolean,
    matters?: Matters,
  ): Promise<Listed>
  /** Fails where the directory is not there: a drive that is not mounted holds no file, and proves nothing. */
  reach(directory: string): Promise<void>
  /** Null when there is no regular file of that name. */
  stat(path: string): Promise<Entry | null>
  /** Pieces of the file; ends with the file, or when the reader stops. */
  read(path: string): AsyncIterable<Buffer>
  /** Makes or empties the file, writes all, and has it on the disk (fsync) where the transport can. */
  write(path: string, bytes: AsyncIterable<Buffer>): Promise<void>
  /** False when there is already a file `to` and `replace` is not set, or no file `from`. */
  rename(from: string, to: string, replace: boolean): Promise<boolean>
  /** Nothing to remove is no failure. */
  remove(path: string): Promise<void>
}

export interface Transport {
  /** Connects where that is needed. */
  open(signal: AbortSignal): Promise<Drop>
  close(): Promise<void>
}

/** The code of failures after which nobody knows whether the last request was carried out. */
export const LOST = 'CONNECTION_LOST'

export const isLost = (failure: AdapterFailure): boolean => failure.code === LOST
