// Why the material store refuses to keep or give bytes. The store knows nothing of HTTP:
// receive-file.ts turns these into problems.

const materialFailures = {
  'too-large': 'more bytes than allowed',
  'hash-mismatch': 'the bytes do not have the hash that was announced',
  truncated: 'the source ended before all its bytes came',
  'storage-full': 'no room for more files',
  missing: 'no such file in the store',
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

const noRoom = new Set(['ENOSPC', 'EDQUOT'])

/** A full disk or quota in our words; every other error stays what it is. */
export function asStorageFull(error: unknown): unknown {
  return noRoom.has(codeOf(error)) ? materialFailure('storage-full', undefined, error) : error
}

/** A file that is not there in our words; every other error stays what it is. */
export function asMissing(error: unknown, sha256: string): unknown {
  const detail = `${materialFailures.missing}: ${sha256} · 材料库中没有此文件`
  return codeOf(error) === 'ENOENT' ? materialFailure('missing', detail, error) : error
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? ''
}
