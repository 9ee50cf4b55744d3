// Canonical contents to rows of the national tables. Pure; a row's columns are national names, and what the
// department's table has no column for is left out later.

import { createHash } from 'node:crypto'
import type {
  Attempt,
  CaseContent,
  MaterialContent,
  StoredFile,
  SupplementContent,
} from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { toLocal } from '../../src/adapter-kit/local-time.ts'
import { carriesBytes, type Layout, type Table } from './layout.ts'
import type { OwnValues } from './own-values.ts'
import type { Value } from './sql.ts'

export type RowValues = Readonly<Record<string, Value | undefined>>

export interface MaterialRow {
  guid: string
  values: RowValues
  /** Goes into `file_content` when files lie in the database. */
  file?: StoredFile
}

export const valuesOf = (materials: readonly MaterialRow[]): RowValues[] =>
  materials.map(({ values }) => values)

type Context = Pick<Attempt, 'now' | 'files'>

export function acceptRow(layout: Layout, content: CaseContent, context: Context): RowValues {
  const { applicant, matter, agent, department } = content
  const { applyType, applicantType } = layout.codes
  const person = applicant.type === 'person'
  return {
    ...exchangeValues(layout, layout.operations.submit, context),
    row_guid: guidOf(content.caseId, 'accept'),
    project_no: content.caseId,
    task_code: matter.taskCode ?? matter.code,
    task_handle_item: matter.handleItem,
    task_name: matter.name,
    project_name: `关于${applicant.name}申请${matter.name}的办件`,
    apply_type: applyType?.[content.mode],
    applyer_name: applicant.name,
    applyer_type: applicantType?.[applicant.type],
    applyer_page_type: applicant.idType,
    applyer_page_code: applicant.idNumber,
    contact_name: applicant.contact ?? applicant.name,
    contact_type: person ? applicant.idType : undefined,
    contact_code: person ? applicant.idNumber : undefined,
    contact_mobile: applicant.mobile,
    apply_date: layout.asTime(toLocal(content.submittedAt, layout.offset)),
    handle_user_name: agent?.clerk,
    promise_date: lastMoment(layout, content.limits?.promised.lastDay),
    org_code: department?.uscc ?? department?.code,
    org_name: department?.name,
    submission_no: content.submissionId,
    area_code: content.homeDivision,
    source_area: content.division,
    form_data: JSON.stringify(content.form),
  }
}

/** A day as a time: until its end nothing is late. */
const lastMoment = ({ asTime }: Layout, day: string | undefined): string | undefined =>
  day && asTime(`${day} 23:59:59`)

/** What the content puts into the department's further columns, the same in every row of the table. */
export const ownOf = (
  table: Table,
  { offset, asTime }: Layout,
  content: CaseContent | SupplementContent,
  { now }: Pick<Attempt, 'now'>,
): Promise<OwnValues> => table.own.of(content, asTime(toLocal(now(), offset)))

/** One row per file; a material without a file has one row too. */
export function materialRows(
  layout: Layout,
  content: CaseContent | SupplementContent,
  context: Context,
): MaterialRow[] {
  const round = 'round' in content ? content.round : 0
  const operation = round === 0 ? layout.operations.submit : layout.operations.supplement
  const note = 'note' in content ? content.note : undefined
  const common = {
    ...exchangeValues(layout, operation, context),
    project_no: content.caseId,
    round: String(round),
    note,
  }
  const given = content.materials.length > 0 || round === 0 ? content.materials : [onlyTheNote]
  return given.flatMap((material) => {
    const files = material.files.length > 0 ? material.files : [undefined]
    return files.map((file, i): MaterialRow => {
      const guid = guidOf(content.caseId, `round ${round}`, material.code, String(i))
      const values = { ...common, row_guid: guid, ...materialValues(layout, material, file, context) }
      return file ? { guid, values, file } : { guid, values }
    })
  })
}

/** A supplement of words alone must still be seen by the department. */
const onlyTheNote: MaterialContent = { code: '', name: '补正说明', source: 'upload', files: [] }

function materialValues(
  layout: Layout,
  material: MaterialContent,
  file: StoredFile | undefined,
  context: Context,
): RowValues {
  return {
    material_name: material.name,
    get_type: layout.codes.getType?.[material.source],
    get_num: String(material.files.length),
    material_code: material.code || undefined,
    licence_no: material.certificate?.identifier,
    ...(file ? fileValues(layout, file, context) : {}),
  }
}

function fileValues(layout: Layout, file: StoredFile, { files }: Context): RowValues {
  const { material } = layout
  const known = {
    file_name: file.fileName,
    file_sha256: file.sha256,
    file_size: String(file.size),
    file_type: file.mediaType,
  }
  if (carriesBytes(layout)) return { ...known, material_attach_name: file.fileName }
  if (layout.files === 'reference')
    return { ...known, material_attach_name: material.has('file_sha256') ? file.fileName : file.sha256 }
  const url = files.link(file, layout.linkSeconds)
  return material.has('file_url')
    ? { ...known, file_url: url, material_attach_name: file.fileName }
    : { ...known, material_attach_name: url }
}

/** @throws AdapterFailure 'rejected' before anything is sent */
export function refuseTooLarge(layout: Layout, rows: readonly MaterialRow[]): void {
  if (!carriesBytes(layout)) return
  const large = rows.find(({ file }) => file && file.size > layout.maxFileBytes)
  if (large)
    throw new AdapterFailure(
      'rejected',
      `文件超过 maxFileBytes（${layout.maxFileBytes} 字节），请改用链接 (a file is larger than maxFileBytes; use files: link)`,
      { sent: false },
    )
}

export function exchangeValues(layout: Layout, operation: string, { now }: Pick<Attempt, 'now'>): RowValues {
  const time = toLocal(now(), layout.offset)
  return {
    cd_operation: operation,
    cd_batch: time.replaceAll(/\D/g, ''),
    cd_time: layout.asTime(time),
    data_source: layout.dataSource,
    is_sync: layout.flags.new,
  }
}

/** The same for the same thing, so that a row written twice is known; formed as a UUID (RFC 9562, version 8). */
function guidOf(...parts: readonly string[]): string {
  const hex = createHash('sha256').update(parts.join('\n')).digest('hex')
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) % 4]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
