// Canonical contents as the fields of a step. Pure but for JSONata of the settings; the names are the published ones.

import { toLocal } from '../../../src/adapter-kit/beijing-time.ts'
import type { CaseContent, SupplementContent, WithdrawalContent } from '../../../src/adapter-kit/contract.ts'
import type { CarriedMaterial } from '../files.ts'
import type { ExGdbs } from './complete.ts'
import type { Item } from './info.ts'
import { writeMaterials } from './lists.ts'

type Fields = Record<string, string>

/** EX_GDBS_SB 申办. */
export function submissionFields(content: CaseContent, settings: ExGdbs): Fields {
  const { applicant, agent, matter } = content
  return {
    SBLSH: content.caseId,
    SXBM: matter.taskCode ?? matter.code,
    SXMC: matter.name,
    SQRLX: settings.applicantTypes[applicant.type],
    SQRMC: applicant.name,
    SQRZJLX: settings.idTypes[applicant.idType] ?? applicant.idType,
    SQRZJHM: applicant.idNumber,
    LXRXM: applicant.contact ?? applicant.name,
    LXRSJ: applicant.mobile ?? '',
    SBXMMC: matter.name,
    SBCLQD: writeMaterials(content.materials, settings.materialLists),
    TJFS: settings.submittedBy[content.mode],
    SBHZH: content.externalId,
    SBSJ: toLocal(new Date(content.submittedAt)),
    SBJTWD: agent ? `${agent.hall}-${agent.window}` : content.division,
    XZQHDM: content.homeDivision.padEnd(settings.divisionDigits, '0'),
    SBBMZZJGDM: settings.organisationCode,
    YSBLSH: content.submissionId,
    QDFS: settings.resultBy,
  }
}

/** EX_GDBS_BJSL 补正受理; XH is the round. */
export function supplementFields(content: SupplementContent, settings: ExGdbs, now: Date): Fields {
  return {
    SBLSH: content.caseId,
    XH: String(content.round),
    BJCLQD: writeMaterials(content.materials, settings.materialLists),
    BJSJ: toLocal(now),
  }
}

/** 撤回: a step that no public text names, so its fields are settings. */
export function withdrawalFields(content: WithdrawalContent, { withdrawal }: ExGdbs, now: Date): Fields {
  return { SBLSH: content.caseId, [withdrawal.reason]: content.reason, [withdrawal.time]: toLocal(now) }
}

/** One ItemInfo per file. */
export function itemsOf(materials: readonly CarriedMaterial[], { itemInfo: names }: ExGdbs): Item[] {
  return materials.flatMap(({ code, name, files }) =>
    files.map((file) => ({
      attributes: {
        [names.code]: code,
        [names.name]: name,
        [names.fileName]: file.fileName,
        [names.mediaType]: file.mediaType,
        [names.size]: String(file.size),
        [names.sha256]: file.sha256,
        [names.link]: file.url,
      },
      content: file.base64 ?? '',
    })),
  )
}
