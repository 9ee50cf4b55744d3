// Why the material store refuses to keep or give bytes. The store knows nothing of HTTP:
// receive-file.ts turns these into problems.

const materialFailures = {
  'too-large': 'more bytes than allowed',
  'hash-mismatch': 'the bytes do not have the hash that was announced',
  truncated: 'the source ended before all its bytes came',
  'storage-full': 'no room for more files',
  missing: 'no such file in the store',
  damaged: 'the bytes of a file in the store have changed',
  unavailable: 'the files cannot be reached',
} as const

export type MaterialFailureKind = keyof typeof materialFailures

/** An ordinary Error that says which row of `materialFailures` it is. */
interface MaterialFailure extends Error {
  materialFailure: MaterialFailureKind
}

export function materialFailure(
  kind: MaterialFailureKind,
  detail?: string,
  cause?: unknown,
): MaterialFailure {
  const text = detail ?? materialFailures[kind]
  const error = cause === undefined ? new Error(text) : new Error(text, { cause })
  return Object.assign(error, { name: 'MaterialFailure', materialFailure: kind })
}

export function isMaterialFailure(error: unknown): error is MaterialFailure {
  return error instanceof Error && 'materialFailure' in error
}

/** The one that another error was made of, or that it is itself. */
export function materialFailureIn(error: unknown): MaterialFailure | undefined {
  if (isMaterialFailure(error)) return error
  return error instanceof Error && error.cause !== undefined ? materialFailureIn(error.cause) : undefined
}

const noRoom = new Set(['ENOSPC', 'EDQUOT'])

/** No right, no disk, no descriptor: true of every file for a while, and of none when it is mended. */
const outOfReach = /^E(ACCES|PERM|ROFS|IO|MFILE|NFILE|NOMEM|STALE|NODEV|NXIO|NOTCONN|HOSTDOWN|TIMEDOUT)$/

/** What the file system says of the whole store, in our words; every other error stays what it is. */
export function asStoreFailure(error: unknown): unknown {
  const code = codeOf(error)
  if (noRoom.has(code)) return materialFailure('storage-full', undefined, error)
  return outOfReach.test(code) ? unreachable(error) : error
}

/** Its folder is not there any more, or may not be used. */
export const unreachable = (cause: unknown): MaterialFailure =>
  materialFailure(
    'unavailable',
    `${materialFailures.unavailable} (${codeOf(cause)}): ${adviceFor(codeOf(cause))}`,
    cause,
  )

const adviceFor = (code: string): string =>
  code === 'EMFILE' || code === 'ENFILE'
    ? 'too many files are open, raise the limit (ulimit -n) · 打开文件数已达上限，请调高 ulimit -n'
    : 'look at the folder of MATERIALS_URL · 材料库暂不可用，请检查 MATERIALS_URL 目录'

/** This file alone is not there. */
export const missing = (cause: unknown, sha256: string): MaterialFailure =>
  materialFailure('missing', `${materialFailures.missing}: ${sha256} · 材料库中没有此文件`, cause)

export const damaged = (sha256: string): MaterialFailure =>
  materialFailure('damaged', `${materialFailures.damaged}: ${sha256} · 材料库中文件内容已改变`)

export const isGone = (error: unknown): boolean => codeOf(error) === 'ENOENT'

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? ''
}
