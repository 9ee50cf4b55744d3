// The material store: bytes named by their SHA-256, kept once, wherever they came from. This file is what the
// rest of the gateway knows of it; each kind of place to keep files in is one file that makes a MaterialStore.
// It must not know what a file is for: rows, names and media types are kept in the ledger.

import type { Readable } from 'node:stream'
import { type FolderStoreOptions, openFolderStore } from './folder-store.ts'
import type { Space } from './free-space.ts'

export interface MaterialStore {
  /**
   * Streams the source into the store. Resolves once bytes and name are on stable storage; rejects with a
   * MaterialFailure (`too-large`, `hash-mismatch`, `truncated`, `storage-full`, `unavailable`), with what `inspect` threw, or
   * with the file system's own error, and then leaves nothing behind. Never destroys the source: after a failure it is
   * paused, and its owner decides what becomes of it.
   */
  put(source: Readable, options: PutOptions): Promise<Kept>
  /** The bytes from `start` to `end`, both included; rejects with `missing` or `unavailable`. The reader must consume or destroy it. */
  open(sha256: string, range?: ByteRange): Promise<Readable>
  has(sha256: string): Promise<boolean>
  /** Null when there is no such file; rejects with `unavailable`. */
  stat(sha256: string): Promise<FileFacts | null>
  /** False when it was not there. The caller has made sure that no row names it. */
  remove(sha256: string): Promise<boolean>
  /**
   * Removes a file that no row names unless the same bytes were stored again since `storedBefore`: whoever stores them at
   * this very moment keeps them. False when it is still there, or was not.
   */
  collect(sha256: string, storedBefore: Date): Promise<boolean>
  /** Every file in the store, in no useful order: for scrubbing and for finding orphans. */
  list(): AsyncIterable<FileFacts>
  /** Reads the file again and compares its hash with its name. */
  verify(sha256: string): Promise<'intact' | 'damaged' | 'missing'>
  /**
   * Puts a damaged file out of everyone's reach, for a person to look at, so that its bytes are sent to nobody and may be
   * stored again; answers where it lies now, in words of the store. Null where the file is not damaged (any more).
   */
  setAside(sha256: string): Promise<string | null>
  /** Removes what uploads of dead processes left behind; returns how many files. */
  sweepTemp(olderThanMs: number): Promise<number>
  /** Of the file system that it lies on, a few seconds old at most. */
  space(): Promise<Space>
  close(): Promise<void>
}

export interface PutOptions {
  maxBytes: number
  /** Lower-case hex. */
  expectedSha256?: string
  expectedBytes?: number
  /** Where the exact size is not known: no more than this come, for which there must be room. */
  atMostBytes?: number
  /** Hash with SM3 (GB/T 32905) as well. */
  sm3?: boolean
  signal?: AbortSignal
  /** Nobody else keeps the source's chunks, so their memory is freed when they are written: true of an HTTP request. */
  chunksAreOurs?: boolean
  /** Sees the first bytes (at least 4 KiB unless the file is shorter) before any is written; refuses by throwing. */
  inspect?: (firstBytes: Buffer) => void
}

/** Hashes in lower-case hex, size in bytes. */
export interface Kept {
  sha256: string
  size: number
  sm3?: string
}

export interface ByteRange {
  start: number
  /** Included, as in HTTP. */
  end: number
}

export interface FileFacts {
  sha256: string
  size: number
  /** Last time that the same bytes were stored. */
  storedAt: Date
}

export type MaterialStoreOptions = FolderStoreOptions

/** Opens (and makes, where missing) the store at a `file:` URL. Throws on any other scheme. */
export function openMaterialStore(url: string, options: MaterialStoreOptions = {}): Promise<MaterialStore> {
  const place = new URL(url)
  if (place.protocol === 'file:') return openFolderStore(place, options).catch(cannotUse)
  throw new Error(
    `MATERIALS_URL: ${place.protocol} is not supported, use file: · 不支持 ${place.protocol} 存储，请使用 file:`,
  )
}

/** Which of all folders it is that a right or a disk is missing for. */
function cannotUse(cause: Error): never {
  throw new Error(
    `MATERIALS_URL: the folder of files cannot be used: ${cause.message} · 材料文件夹无法使用，请检查路径与写入权限`,
    { cause },
  )
}
