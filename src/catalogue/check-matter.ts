// What one matter, material, department, division or certificate type says of others: everything it names must
// exist and fit. Reports only.

import { type KnownSystems, kinds, refer, referSystem } from '../settings/references.ts'
import { checkResultUsed } from './check-results.ts'
import { checkMatterCodes, isUscc } from './codes.ts'
import type { AllEntries, Entry, MaterialEntry, MaterialUse, MatterEntry } from './entries.ts'

/** Divisions, departments, certificate types and materials. */
export function checkRegisters(entries: AllEntries, systems: KnownSystems): void {
  checkAliases(entries)
  for (const { data, source, pointer } of entries.departments.values()) {
    if (data.uscc === undefined || isUscc(data.uscc)) continue
    source.report(
      `${pointer}/uscc`,
      'The check digit of this USCC is wrong: compare it with the certificate',
      '统一社会信用代码校验位错误：请与证书核对',
    )
  }
  for (const { data, source, pointer } of entries.certificateTypes.values()) {
    referSystem(source, `${pointer}/registry`, data.registry, systems, 'certificate-registry')
    if (isUscc(data.code.slice(0, 18))) continue
    source.report(
      `${pointer}/code`,
      'The first 18 characters are no valid USCC',
      '前 18 位不是有效的统一社会信用代码',
    )
  }
  for (const material of entries.materials.values()) {
    checkMaterial(material, entries)
    checkReuse(material)
  }
}

function checkAliases({ divisions }: AllEntries): void {
  const taken = new Map([...divisions.keys()].map((code) => [code, code]))
  for (const { data, source, pointer } of divisions.values()) {
    for (const [index, alias] of (data.aliases ?? []).entries()) {
      const other = taken.get(alias)
      taken.set(alias, data.code)
      if (other === undefined) continue
      source.report(
        `${pointer}/aliases/${index}`,
        `${alias} is already a code of division ${other}`,
        `${alias} 已是行政区划 ${other} 的代码`,
      )
    }
  }
}

function checkMaterial({ data, source, pointer }: Entry<MaterialEntry>, entries: AllEntries): void {
  if (data.certificateType !== undefined) {
    refer(
      source,
      `${pointer}/certificateType`,
      kinds.certificateType,
      data.certificateType,
      entries.certificateTypes,
    )
  } else if (data.sources.includes('certificate')) {
    source.report(
      `${pointer}/sources`,
      'A material that may be a certificate needs its certificateType',
      '可由电子证照替代的材料必须填写 certificateType',
    )
  }
}

/** What may be used again comes back as shared. */
function checkReuse({ data, source, pointer }: Entry<MaterialEntry>): void {
  if (data.reusableFor === undefined || data.sources.includes('shared')) return
  source.report(
    `${pointer}/sources`,
    'A material with reusableFor needs the source shared: that is how it is used again',
    '填写了 reusableFor 的材料，来源须包含 shared',
  )
}

/** One matter. */
export function checkMatter(matter: Entry<MatterEntry>, entries: AllEntries, systems: KnownSystems): void {
  const { data, source, pointer } = matter
  refer(source, `${pointer}/department`, kinds.department, data.department, entries.departments)
  checkSystems(matter, entries, systems)
  const uscc = entries.departments.get(data.department)?.data.uscc
  for (const [field, en, zh] of checkMatterCodes(data, uscc)) {
    source.report(`${pointer}/${field}`, `${field} ${en}`, `${field} ${zh}`)
  }
  for (const [index, result] of (data.results ?? []).entries()) {
    if (result.certificateType === undefined) continue
    const at = `${pointer}/results/${index}/certificateType`
    refer(source, at, kinds.certificateType, result.certificateType, entries.certificateTypes)
  }
  for (const [index, use] of (data.materials ?? []).entries()) {
    checkUse(matter, use, `${pointer}/materials/${index}`, entries)
    checkResultUsed(matter, use, `${pointer}/materials/${index}/from`, entries)
  }
}

function checkSystems(
  { data, source, pointer }: Entry<MatterEntry>,
  entries: AllEntries,
  systems: KnownSystems,
): void {
  if (typeof data.systems === 'string') {
    referSystem(source, `${pointer}/systems`, data.systems, systems, 'department')
    return
  }
  for (const [division, system] of Object.entries(data.systems)) {
    const at = `${pointer}/systems/${division}`
    if (division !== '*') refer(source, at, kinds.division, division, entries.divisions)
    referSystem(source, at, system, systems, 'department')
  }
}

function checkUse(matter: Entry<MatterEntry>, use: MaterialUse, pointer: string, entries: AllEntries): void {
  const { source } = matter
  if (!refer(source, `${pointer}/material`, kinds.material, use.material, entries.materials)) return
  const allowed = entries.materials.get(use.material)!.data.sources
  for (const [index, given] of (use.sources ?? []).entries()) {
    if (allowed.includes(given)) continue
    source.report(
      `${pointer}/sources/${index}`,
      `Material ${use.material} does not come from ${given}; it may come from ${allowed.join(', ')}`,
      `材料 ${use.material} 的来源不包括 ${given}，可为：${allowed.join('、')}`,
    )
  }
}
