// Rows of uploaded files: what `mat_…` stands for.

import type { Pool } from './database.ts'

export interface Upload {
  materialId: string
  sha256: string
  sm3?: string
  size: number
  mediaType: string
  fileName: string
  client: string
  idempotencyKey?: string
}

export type KeptUpload = Pick<Upload, 'materialId' | 'mediaType' | 'fileName'>

/**
 * Commits one upload. The same client and key again: the first one, as it was kept; `conflict` when it was
 * another file.
 */
export async function registerUpload(
  writers: Pool,
  upload: Upload,
): Promise<KeptUpload & { replayed: boolean; conflict: boolean }> {
  const { materialId, sha256, sm3, size, mediaType, fileName, client, idempotencyKey } = upload
  const inserted = await writers.query(
    `insert into uploads (id, client, idempotency_key, sha256, sm3, size, media_type, file_name) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict on constraint uploads_idempotent do nothing`,
    [materialId, client, idempotencyKey ?? null, sha256, sm3 ?? null, size, mediaType, fileName],
  )
  if (inserted.rowCount === 1) return { materialId, mediaType, fileName, replayed: false, conflict: false }
  const { rows } = await writers.query<KeptUpload & { sha256: string }>(
    `select id as "materialId", media_type as "mediaType", file_name as "fileName", sha256
     from uploads where client = $1 and idempotency_key = $2`,
    [client, idempotencyKey],
  )
  const { sha256: kept, ...first } = rows[0]!
  return { ...first, replayed: true, conflict: kept !== sha256 }
}

/** Uploads by id, whoever made them. */
export async function readUploads(readers: Pool, ids: readonly string[]): Promise<Map<string, Upload>> {
  if (ids.length === 0) return new Map()
  const { rows } = await readers.query<Upload & { size: string }>({
    name: 'uploads',
    text: `select id as "materialId", client, sha256, size, media_type as "mediaType", file_name as "fileName" from uploads where id = any ($1)`,
    values: [ids],
  })
  return new Map(rows.map((row) => [row.materialId, { ...row, size: Number(row.size) }]))
}
