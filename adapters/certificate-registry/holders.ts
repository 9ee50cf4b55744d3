// Who holds a certificate, in the registry's words: our holder code types to its own.
// A type that stands in no table is refused by name before anything is asked; it is never guessed.

import type { StatusRow } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { CompleteSettings } from './settings.ts'

type HolderTypeRow = StatusRow & { word: string }

const row = (code: string, zh: string, en: string): HolderTypeRow => ({
  code,
  word: code,
  meaning: { zh, en },
})

/** Codes of GB/T 36903 as one city registry takes them; names of the rarer ones differ from place to place. */
export const holderTypeRows: readonly HolderTypeRow[] = [
  row('001', '统一社会信用代码', 'Unified social credit code'),
  row('099', '其他法人或组织证件', 'Another document of an organisation'),
  row('111', '公民身份号码', 'Citizen identity number'),
  ...['114', '115', '118', '119', '120', '122'].map((code) =>
    row(code, `国内个人证件（${code}）`, `Another domestic document of a person (${code})`),
  ),
  ...['411', '412', '413', '414'].map((code) => row(code, `护照类证件（${code}）`, `A passport (${code})`)),
  ...['511', '516'].map((code) => row(code, `通行证类证件（${code}）`, `A travel permit (${code})`)),
  row('999', '其他个人证件', 'Another document of a person'),
]

const usual: ReadonlyMap<string, string> = new Map(holderTypeRows.map(({ code, word }) => [code, word]))

/**
 * holderTypeCode of a query.
 * @throws AdapterFailure 'rejected', not sent, code `certificate-holder-type`: the document must be brought instead
 */
export function holderTypeCode(ours: string, { holderTypes }: Pick<CompleteSettings, 'holderTypes'>): string {
  const theirs = Object.hasOwn(holderTypes, ours) ? holderTypes[ours] : usual.get(ours)
  if (theirs) return theirs
  throw new AdapterFailure(
    'rejected',
    '证照登记系统不支持该持证者代码类型 (the registry knows no holders with this type of code)',
    { sent: false, code: 'certificate-holder-type' },
  )
}
