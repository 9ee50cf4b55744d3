// Rows of up_pro_accept and up_pro_material as the messages that the counter reads. Pure; nothing is mended: what a
// row lacks, the message lacks, and the counter's strictness names it.

import type { SentFile, SentMaterial } from '../receive.ts'

/** Every value as the database wrote it. */
export type Row = Readonly<Record<string, string | null>>

const forms: Readonly<Record<string, SentMaterial['form']>> = {
  '1': 'upload',
  '2': 'certificate',
  '3': 'shared',
  '4': 'paper',
}

export function receiveMessage(row: Row, materials: readonly Row[]): Record<string, unknown> {
  return {
    outerNo: row.project_no,
    submissionNo: row.submission_no,
    itemCode: row.task_code,
    itemName: row.task_name,
    areaCode: row.area_code,
    sourceArea: row.source_area,
    applyType: row.apply_type,
    applyTime: row.apply_date?.slice(0, 19),
    applicant: {
      kind: row.applyer_type,
      name: row.applyer_name,
      certType: row.applyer_page_type,
      certNo: row.applyer_page_code,
      ...(row.contact_mobile ? { phone: row.contact_mobile } : {}),
    },
    formData: parsed(row.form_data),
    materials: materialsOf(materials),
  }
}

export function supplementMessage(projectNo: string, materials: readonly Row[]): Record<string, unknown> {
  const first = materials[0]
  return {
    outerNo: first?.project_no,
    projectNo,
    round: Number(first?.round),
    materials: materialsOf(materials.filter(({ material_code }) => material_code !== null)),
  }
}

/** One row per file: those of one material are put together again. */
function materialsOf(rows: readonly Row[]): Record<string, unknown>[] {
  const byCode = Map.groupBy(rows, ({ material_code }) => material_code ?? '')
  return [...byCode].map(([code, [first, ...others]]) => ({
    code,
    name: first?.material_name,
    form: forms[first?.get_type ?? ''],
    ...(first?.licence_no ? { licenseNo: first.licence_no } : {}),
    files: [first!, ...others].filter(({ file_name }) => file_name !== null).map(fileOf),
  }))
}

function fileOf(row: Row): Partial<SentFile> {
  return {
    name: row.file_name ?? '',
    url: row.file_url ?? '',
    size: Number(row.file_size),
    sha256: row.file_sha256 ?? '',
    type: row.file_type ?? '',
  }
}

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
