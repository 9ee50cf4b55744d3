// The body of a supplement (补正): its shape, then what it supplies against what the case asks for. A notice is given once
// (一次性告知) and answered once: completely, and with nothing that belongs to another case.

import type { SubmittedMaterial } from '../../schemas/types.ts'
import { caseTable } from '../domain/case-states.ts'
import { nearest } from '../domain/nearest.ts'
import type { Case, Material } from '../domain/submission.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { unknownMembers } from '../http/members.ts'
import { problem } from '../http/problems.ts'
import { type Body, objectOf, optionalText } from './check-requests.ts'

export function checkSupplement(raw: unknown): { materials: SubmittedMaterial[]; note?: string } {
  const body = objectOf(raw)
  const errors: FieldError[] = []
  const list = body.materials
  if (!Array.isArray(list) || list.length === 0 || list.length > 200)
    errors.push(
      fieldError('/materials', 'invalid-type', 'must list 1 to 200 materials', '须列出 1 至 200 份材料'),
    )
  else for (const [i, one] of list.entries()) checkMaterial(one, `/materials/${i}`, errors)
  const note = optionalText(body, 'note', 2_000, errors)
  errors.push(...unknownMembers(body, ['materials', 'note']))
  if (errors.length > 0) throw problem('invalid-request', { errors })
  return { materials: list as SubmittedMaterial[], ...(note === undefined ? {} : { note }) }
}

function checkMaterial(one: unknown, at: string, errors: FieldError[]): void {
  if (typeof one !== 'object' || one === null || Array.isArray(one)) {
    errors.push(
      fieldError(
        at,
        'invalid-type',
        'must be an object with code and materialId',
        '须为含 code 与 materialId 的对象',
      ),
    )
    return
  }
  const { code, source, materialId, materialIds } = one as Body
  if (typeof code !== 'string' || !/^[\w.-]{1,64}$/.test(code))
    errors.push(fieldError(`${at}/code`, 'required', 'the code of the material is required', '缺少材料编码'))
  if (materialId !== undefined && typeof materialId !== 'string')
    errors.push(
      fieldError(
        `${at}/materialId`,
        'invalid-type',
        'must be an id of POST /v1/materials',
        '须为 POST /v1/materials 返回的编号',
      ),
    )
  if (
    materialIds !== undefined &&
    !(Array.isArray(materialIds) && materialIds.every((id) => typeof id === 'string'))
  )
    errors.push(
      fieldError(
        `${at}/materialIds`,
        'invalid-type',
        'must list ids of POST /v1/materials',
        '须为 POST /v1/materials 返回的编号列表',
      ),
    )
  if (source !== undefined && source !== 'upload')
    errors.push(
      fieldError(
        `${at}/source`,
        'material-source-not-allowed',
        'a supplement comes as upload; papers that change hands are told by POST /v1/submissions/{id}/custody',
        '补正材料的来源只能为 upload（上传）；纸质材料请通过 POST /v1/submissions/{id}/custody 报告交接',
      ),
    )
  errors.push(...unknownMembers(one as Body, ['code', 'source', 'materialId', 'materialIds'], at))
}

interface Suppliable {
  one: Pick<Case, 'id' | 'state' | 'asked'>
  /** All of the submission's. */
  materials: readonly Material[]
  /** Codes that the case's matter takes by the submission's catalogue. */
  takes: readonly string[]
}

/**
 * Materials that the case neither asks for nor takes, those listed twice, and those that a notice asks for
 * and that are not there.
 */
export function checkSupplied(given: readonly SubmittedMaterial[], suppliable: Suppliable): FieldError[] {
  const { may, near, isOthers } = codesOf(suppliable)
  const seen = new Set<string>()
  const errors = given.flatMap(({ code }, i) => {
    const pointer = `/materials/${i}/code`
    if (seen.has(code))
      return [fieldError(pointer, 'material-repeated', `${code} is listed twice`, `材料 ${code} 重复`)]
    seen.add(code)
    if (may(code)) return []
    return [isOthers(code) ? elsewhere(code, pointer) : unknown(code, pointer, near)]
  })
  return [...errors, ...missing(seen, suppliable.one)]
}

/**
 * What was asked for, and what the matter takes; never what is another case's alone. Where nothing is asked for
 * by name, the notice's words alone say what is wanted: any other code will do. (Without a notice the domain
 * refuses it, by the state of the case.)
 */
function codesOf({ one, materials, takes }: Suppliable) {
  const asked = new Set(one.asked.map(({ code }) => code))
  const [mine, others] = [new Set(takes), new Set<string>()]
  for (const { code, cases } of materials) (cases.includes(one.id) ? mine : others).add(code)
  const near = [...asked, ...[...mine].filter((code) => !others.has(code))]
  const may = (code: string): boolean =>
    asked.has(code) || (!others.has(code) && (mine.has(code) || asked.size === 0))
  return { may, near, isOthers: (code: string): boolean => others.has(code) }
}

const elsewhere = (code: string, pointer: string): FieldError =>
  fieldError(
    pointer,
    'unknown-material',
    `${code} is a material of another case of this submission, and was not asked for here: give what is new a code of its own`,
    `材料 ${code} 属于同一申办的其他办件，本办件未要求：新增材料请使用另外的编码`,
  )

function unknown(code: string, pointer: string, known: readonly string[]): FieldError {
  const like = nearest(code, known)
  return fieldError(
    pointer,
    'unknown-material',
    `${code} is neither asked for nor a material of this case${like === undefined ? '' : `; did you mean ${like}?`}`,
    `本办件未要求、也不需要材料 ${code}${like === undefined ? '' : `，是否为 ${like}？`}`,
  )
}

/**
 * Of a department's notice. What the gateway itself asks for before the hand-over may come one by one: the
 * case waits for all.
 */
function missing(given: ReadonlySet<string>, { state, asked }: Suppliable['one']): FieldError[] {
  if (caseTable['case.supplemented'][state] !== 'apply') return []
  return asked
    .filter(({ code }) => !given.has(code))
    .map(({ code, reason }) =>
      fieldError(
        '/materials',
        'material-missing',
        `${code} is asked for as well (${reason}): answer the whole notice at once`,
        `还须补正材料 ${code}（${reason}）：请一次性补齐全部材料`,
      ),
    )
}
