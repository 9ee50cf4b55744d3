// What lay in the inbox, read as strictly as any intake form, and entered at the counter.

import { beijingTime } from '../../beijing-time.ts'
import type { HouseAnswer } from '../answers.ts'
import type { Counter } from '../counter.ts'
import { readReceive, readSupplement, readWithdraw } from '../receive.ts'

export interface InboxItem {
  id: string
  operation: string
  fetchedBefore: number
  content: Record<string, unknown>
}

type Verdict = { outcome: 'taken'; reference: string } | { outcome: 'refused'; code: string; reason: string }

type Fields = Record<string, unknown>

/** Enters the item; the same one twice has one effect. */
export function enterItem(counter: Counter, item: InboxItem): Verdict {
  const answer = entered(counter, item)
  const reference = answer.data?.projectNo
  return answer.code === '0' || answer.code === '1006'
    ? { outcome: 'taken', reference: String(reference) }
    : { outcome: 'refused', code: answer.code, reason: answer.message }
}

function entered(counter: Counter, { operation, content }: InboxItem): HouseAnswer {
  if (operation === 'submitCase') return take(counter, readReceive(receiveOf(content)), counter.receive)
  const { caseId: outerNo, reference: projectNo, round, reason } = content
  if (operation === 'supplementCase') {
    const materials = materialsOf(content.materials)
    return take(counter, readSupplement({ outerNo, projectNo, round, materials }), counter.supplement)
  }
  if (operation === 'withdrawCase')
    return take(counter, readWithdraw({ outerNo, projectNo, reason }), counter.withdraw)
  return counter.refuse({}, `不支持的操作：${operation}`)
}

function take<T>(
  counter: Counter,
  read: { ok: true; message: T } | { ok: false; field: string },
  handle: (message: T) => HouseAnswer,
): HouseAnswer {
  return read.ok ? handle(read.message) : counter.refuse({}, `参数错误：${read.field}`)
}

const modes: Record<string, string> = { online: '1', agent: '2', appointment: '3' }

function receiveOf(content: Fields): Fields {
  const matter = (content.matter ?? {}) as Fields
  const applicant = (content.applicant ?? {}) as Fields
  const submittedAt = Date.parse(String(content.submittedAt))
  return {
    outerNo: content.caseId,
    submissionNo: content.submissionId,
    itemCode: matter.code,
    itemName: matter.name,
    areaCode: content.homeDivision,
    sourceArea: content.division,
    applyType: modes[String(content.mode)],
    applyTime: Number.isNaN(submittedAt) ? '' : beijingTime(submittedAt),
    applicant: {
      kind: applicant.type === 'person' ? '1' : '2',
      name: applicant.name,
      certType: applicant.idType,
      certNo: applicant.idNumber,
      phone: applicant.mobile,
    },
    formData: content.form,
    materials: materialsOf(content.materials),
  }
}

function materialsOf(materials: unknown): unknown {
  if (!Array.isArray(materials)) return materials
  return materials.map((material: Fields) => ({
    code: material.code,
    name: material.name,
    form: material.source,
    files: (material.files as Fields[]).map((file) => ({
      name: file.fileName,
      url: file.url,
      size: file.size,
      sha256: file.sha256,
      type: file.mediaType,
    })),
  }))
}
