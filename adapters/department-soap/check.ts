// `tongban system check`: compares the WSDL with the settings, then asks for a case that nobody has. Nothing is written.

import type { Attempt, Contents, Outgoing } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { readXml, type XmlElement } from '../../src/adapter-kit/xml.ts'
import type { SoapSettings } from './settings.ts'
import { isDocument, type Line } from './soap/line.ts'
import { type ExpectedOperation, missingFrom } from './soap/wsdl.ts'
import { fetchWsdl } from './soap/wsdl-fetch.ts'

/** What a look-up of a supplement is made from is enough for that of a submission. */
type Asked = Contents['supplementCase']

export interface Checked {
  line: Line
  settings: SoapSettings
  expected: readonly ExpectedOperation[]
  /** How the system is asked whether it has a case; absent where it cannot be. */
  find: Outgoing<never>['find'] | undefined
}

const nobodys: Asked = { caseId: 'case_00000000000000000000000000', round: 1, materials: [] }

interface Found {
  ok: boolean
  summary: string
}

/** @throws AdapterFailure when the question for the case does not come through */
export async function check(checked: Checked, attempt: Attempt): Promise<Found> {
  const compared = await comparedWith(checked, attempt)
  if (!compared.ok) return compared
  return { ok: true, summary: `${compared.summary}; ${await proofOf(checked, attempt)}` }
}

async function comparedWith({ line, settings, expected }: Checked, attempt: Attempt): Promise<Found> {
  try {
    const missing = missingFrom(await wsdlOf(line, settings, attempt), line.namespace, expected)
    return missing.length === 0
      ? { ok: true, summary: 'WSDL 与设置相符 (the WSDL has what the settings speak of)' }
      : { ok: false, summary: `WSDL 与设置不符 (the WSDL differs): ${missing.join('; ')}` }
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    return { ok: false, summary: error.message }
  }
}

async function wsdlOf(line: Line, { wsdl, baseUrl }: SoapSettings, attempt: Attempt): Promise<XmlElement[]> {
  if (isDocument(wsdl)) return [readXml(wsdl)]
  const url = wsdl ?? `${baseUrl}?wsdl`
  const target = attempt.http.target({ url })
  const headers = line.sign({ method: 'GET', target, body: Buffer.alloc(0), at: attempt.now() })
  return fetchWsdl(url, headers, attempt)
}

/** Whoever answers "not there", or even refuses such a case, has let us in. */
async function proofOf({ find }: Checked, attempt: Attempt): Promise<string> {
  if (!find) return '未配置查询，凭证未验证 (no query is set, so the credentials are not proved)'
  try {
    await (find as NonNullable<Outgoing<Asked>['find']>)(nobodys, attempt)
    return '凭证有效：查询已应答 (the credentials are good: the query was answered)'
  } catch (error) {
    if (!(error instanceof AdapterFailure) || error.kind !== 'rejected') throw error
    return `查询被拒，未必与凭证有关 (the query was refused, which need not be the credentials): ${error.message}`
  }
}
