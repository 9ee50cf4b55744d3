// From material ids and form parts to files: whether each exists, is the caller's own, and is of a kind that the
// matter takes.

import type { CanonicalSubmission, SubmittedMaterial } from '../../schemas/types.ts'
import type { MatterMaterial } from '../domain/catalogue.ts'
import { materialsOf, type Plan } from '../domain/plan.ts'
import type { File } from '../domain/submission.ts'
import { type FieldError, fieldError, at as pointerTo } from '../http/field-error.ts'
import type { Upload } from '../ledger/uploads.ts'

export interface FileSources {
  uploads: ReadonlyMap<string, Upload>
  parts: ReadonlyMap<string, File>
  /** Parts of which it is said already what is wrong. */
  refused?: Pick<ReadonlySet<string>, 'has'>
  client: string
}

/** What a material takes. */
type Wanted = Pick<MatterMaterial, 'mediaTypes' | 'maxBytes'>

/** Every upload id that the submission names. */
export function uploadIds(materials: readonly SubmittedMaterial[] | undefined): string[] {
  return (materials ?? []).flatMap((one) => [
    ...(one.materialId ? [one.materialId] : []),
    ...(one.materialIds ?? []),
  ])
}

/** Files by material code, and what is wrong with them. */
export function resolveFiles(
  submission: CanonicalSubmission,
  plan: Plan,
  sources: FileSources,
): { files: Map<string, File[]>; errors: FieldError[] } {
  const wanted = materialsOf(plan)
  const files = new Map<string, File[]>()
  const errors: FieldError[] = []
  const used = new Set<string>()
  for (const [i, material] of (submission.materials ?? []).entries()) {
    files.set(
      material.code,
      filesOf(material, `/materials/${i}`, wanted.get(material.code), sources, errors, used),
    )
  }
  for (const part of sources.parts.keys()) {
    if (!used.has(part))
      errors.push(
        fieldError(
          pointerTo('', part),
          'part-unused',
          `no material names the part ${part}`,
          `没有材料引用文件部分 ${part}`,
        ),
      )
  }
  return { files, errors }
}

/** The files that one material names, by id or by form part. */
export function filesOf(
  material: SubmittedMaterial,
  pointer: string,
  wanted: Wanted | undefined,
  sources: FileSources,
  errors: FieldError[],
  used = new Set<string>(),
): File[] {
  const byId = [
    ...(material.materialId ? [[material.materialId, `${pointer}/materialId`] as const] : []),
    ...(material.materialIds ?? []).map((id, n) => [id, `${pointer}/materialIds/${n}`] as const),
  ]
  const byPart = [
    ...(material.part ? [[material.part, `${pointer}/part`] as const] : []),
    ...(material.parts ?? []).map((name, n) => [name, `${pointer}/parts/${n}`] as const),
  ]
  const found: File[] = []
  for (const [id, at] of byId) {
    const upload = sources.uploads.get(id)
    if (!upload || upload.client !== sources.client)
      errors.push(
        fieldError(
          at,
          'unknown-file',
          `there is no uploaded file ${id}; upload it first with POST /v1/materials`,
          `没有已上传的文件 ${id}，请先通过 POST /v1/materials 上传`,
        ),
      )
    else found.push(checked(fileOf(upload), at, wanted, errors))
  }
  for (const [name, at] of byPart) {
    used.add(name)
    const part = sources.parts.get(name)
    if (sources.refused?.has(name)) continue
    if (!part)
      errors.push(
        fieldError(
          at,
          'part-missing',
          `the form has no file part named ${name}`,
          `表单中没有名为 ${name} 的文件部分`,
        ),
      )
    else found.push(checked(part, at, wanted, errors))
  }
  return found
}

const fileOf = ({ sha256, size, mediaType, fileName }: Upload): File => ({
  sha256,
  size,
  mediaType,
  fileName,
})

function checked(file: File, at: string, wanted: Wanted | undefined, errors: FieldError[]): File {
  if (wanted && wanted.mediaTypes.length > 0 && !wanted.mediaTypes.includes(file.mediaType)) {
    const list = wanted.mediaTypes.join(', ')
    errors.push(
      fieldError(
        at,
        'file-type',
        `${file.mediaType} is not accepted here; send one of ${list}`,
        `此处不接受 ${file.mediaType}，可用类型：${list}`,
      ),
    )
  }
  if (wanted && file.size > wanted.maxBytes) {
    errors.push(
      fieldError(
        at,
        'file-too-large',
        `the file has ${file.size} bytes, at most ${wanted.maxBytes} are accepted`,
        `文件大小 ${file.size} 字节，超过上限 ${wanted.maxBytes} 字节`,
      ),
    )
  }
  return { sha256: file.sha256, size: file.size, mediaType: file.mediaType, fileName: file.fileName }
}
