// The files that a content is about, in order, with the material each belongs to.

import type { MaterialContent, StoredFile } from '../../../src/adapter-kit/contract.ts'

type FileInContent = StoredFile & { material: string; materialName: string }

export function filesIn(content: unknown): FileInContent[] {
  const { materials } = (content ?? {}) as { materials?: readonly MaterialContent[] }
  return (materials ?? []).flatMap(({ code, name, files }) =>
    files.map((file) => ({ ...file, material: code, materialName: name })),
  )
}
