// 按标提交、照单收件: exactly the materials the plan asks for, each from a source it may come from.
// Whether the files exist is the material store's to say, not ours.

import type { CanonicalSubmission, SubmittedMaterial } from '../../schemas/types.ts'
import { nearest } from '../domain/nearest.ts'
import { materialsOf, type Plan, type PlannedMaterial, type PlannedResult } from '../domain/plan.ts'
import type { FaultCode } from '../http/fault-codes.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'

/**
 * Missing, unknown, repeated materials, wrong sources, uploads without a file, certificates of the wrong type.
 * Nothing is said against the `undecided`, of which the plan cannot tell whether they are asked for.
 */
export function checkMaterials(
  submission: CanonicalSubmission,
  plan: Plan,
  undecided: ReadonlySet<string> = new Set(),
): FieldError[] {
  const given = submission.materials ?? []
  const planned = materialsOf(plan)
  return [
    ...missing(given, plan),
    ...given.flatMap((material, i) =>
      planned.has(material.code) || !undecided.has(material.code)
        ? checkOne(material, `/materials/${i}`, planned, plan.results)
        : [],
    ),
    ...repeated(given),
    ...checkVerified(submission, planned, plan),
  ]
}

function missing(given: readonly SubmittedMaterial[], plan: Plan): FieldError[] {
  return plan.materials
    .filter(({ code, required }) => required && !given.some((material) => material.code === code))
    .map(({ code, name, sources }) =>
      fieldError(
        '/materials',
        'material-missing',
        `${code} (${name.en}) is required; it may come as ${sources.join(', ')}`,
        `缺少材料 ${code}“${name.zh}”，可选来源：${sources.map((source) => sourcesZh[source]).join('、')}`,
      ),
    )
}

function checkOne(
  material: SubmittedMaterial,
  pointer: string,
  planned: ReadonlyMap<string, PlannedMaterial>,
  results: readonly PlannedResult[],
): FieldError[] {
  const wanted = planned.get(material.code)
  const result = results.find(({ code }) => code === material.code)
  if (result !== undefined) return [comesByItself(result, pointer)]
  if (wanted === undefined) return [unknown(material.code, pointer, planned)]
  const errors: FieldError[] = []
  if (!wanted.sources.includes(material.source)) errors.push(wrongSource(wanted, material.source, pointer))
  if (material.source === 'upload' && !hasFile(material)) errors.push(withoutFile(wanted, pointer))
  if (material.source === 'certificate' && hasWrongType(material, wanted)) {
    errors.push(wrongType(wanted, pointer))
  }
  const misused = wrongFrom(material, wanted)
  if (misused) errors.push(fieldError(`${pointer}/from`, ...misused))
  return errors
}

/** Whether it can be used again at all; whose it is and for how long is shared-materials.ts' business. */
function wrongFrom(
  { source, from }: SubmittedMaterial,
  { code, name, reusableFor }: PlannedMaterial,
): [code: FaultCode, message: string, messageZh: string] | undefined {
  if (source !== 'shared')
    return from === undefined
      ? undefined
      : ['from-not-shared', 'from goes with the source shared only', '仅 source 为 shared 时可填写 from']
  if (reusableFor && from === undefined)
    return [
      'from-missing',
      `${code} is used again from an earlier case: name it, as POST /v1/materials/reusable answers`,
      `材料“${name.zh}”须在 from 中填写 POST /v1/materials/reusable 返回的编号`,
    ]
  if (!reusableFor && from !== undefined)
    return ['not-reusable', `${code} may not be used again`, `材料“${name.zh}”不可再次使用`]
  return undefined
}

function hasFile(material: SubmittedMaterial): boolean {
  return (material.materialId ?? material.materialIds ?? material.part ?? material.parts) !== undefined
}

function hasWrongType({ certificateType }: SubmittedMaterial, wanted: PlannedMaterial): boolean {
  return (
    certificateType !== undefined &&
    wanted.certificateType !== undefined &&
    certificateType !== wanted.certificateType
  )
}

function repeated(given: readonly SubmittedMaterial[]): FieldError[] {
  if (given.length < 2) return []
  const seen = new Set<string>()
  return given.flatMap(({ code }, i) => {
    if (!seen.has(code)) {
      seen.add(code)
      return []
    }
    return [
      fieldError(`/materials/${i}/code`, 'material-repeated', `${code} is listed twice`, `材料 ${code} 重复`),
    ]
  })
}

function checkVerified(
  submission: CanonicalSubmission,
  planned: ReadonlyMap<string, PlannedMaterial>,
  { cases }: Plan,
): FieldError[] {
  const verified = submission.agent?.verified ?? []
  if (verified.length === 0) return []
  const collected = cases.filter(({ mode }) => mode === 'agent').map(({ matter }) => matter)
  return verified.flatMap(({ material }, i) => {
    const pointer = `/agent/verified/${i}/material`
    const wanted = planned.get(material)
    if (wanted === undefined) return [unknown(material, pointer, planned)]
    if (collected.length > 0 && !wanted.matters.some((matter) => collected.includes(matter)))
      return [notCollected(wanted, pointer)]
    return wanted.windowMayVerify ? [] : [notVerifiable(wanted, pointer)]
  })
}

function unknown(code: string, pointer: string, planned: ReadonlyMap<string, unknown>): FieldError {
  const near = nearest(code, planned.keys())
  return fieldError(
    pointer.endsWith('/material') ? pointer : `${pointer}/code`,
    'unknown-material',
    `${code} is not asked for in this submission${near === undefined ? '' : `; did you mean ${near}?`}`,
    `本次申办不需要材料 ${code}${near === undefined ? '' : `，是否为 ${near}？`}`,
  )
}

function comesByItself({ code, name, from }: PlannedResult, pointer: string): FieldError {
  return fieldError(
    `${pointer}/code`,
    'material-from-matter',
    `${code} is the result of matter ${from} of this submission: leave it out`,
    `材料“${name.zh}”由本次申办的事项 ${from} 办理产生，请勿提交`,
  )
}

function wrongSource(wanted: PlannedMaterial, source: string, pointer: string): FieldError {
  return fieldError(
    `${pointer}/source`,
    'material-source-not-allowed',
    `${wanted.code} may not come as ${source}; allowed: ${wanted.sources.join(', ')}`,
    `材料“${wanted.name.zh}”的来源只能为：${wanted.sources.map((each) => sourcesZh[each]).join('、')}`,
  )
}

function withoutFile(wanted: PlannedMaterial, pointer: string): FieldError {
  return fieldError(
    pointer,
    'file-missing',
    `${wanted.code} is an upload but names no file: give materialId, materialIds, part or parts`,
    `材料“${wanted.name.zh}”为上传文件，但未给出 materialId、materialIds、part 或 parts`,
  )
}

function wrongType(wanted: PlannedMaterial, pointer: string): FieldError {
  return fieldError(
    `${pointer}/certificateType`,
    'certificate-type-wrong',
    `${wanted.code} is replaced by certificate type ${wanted.certificateType}`,
    `材料“${wanted.name.zh}”对应的电子证照目录代码为 ${wanted.certificateType}`,
  )
}

function notVerifiable(wanted: PlannedMaterial, pointer: string): FieldError {
  return fieldError(
    pointer,
    'window-may-not-verify',
    `A window may not verify ${wanted.code} on the department's behalf`,
    `窗口无权代为核验材料“${wanted.name.zh}”`,
  )
}

/** Its authority is over the matters that go through it: those alone were looked up. */
function notCollected({ code, name, matters }: PlannedMaterial, pointer: string): FieldError {
  return fieldError(
    pointer,
    'window-not-collecting',
    `${code} is for ${matters.join(', ')}, which this window does not collect: it cannot have verified it`,
    `材料“${name.zh}”用于事项 ${matters.join('、')}，该窗口并未代收，不能代为核验`,
  )
}

const sourcesZh = { upload: '上传', certificate: '电子证照', shared: '数据共享', paper: '纸质' } as const
