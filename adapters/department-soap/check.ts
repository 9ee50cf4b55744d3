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

interface Checked {
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
  if (compared === 'unpublished') return withoutWsdl(checked, attempt)
  if (!compared.ok) return compared
  return { ok: true, summary: `${compared.summary}; ${(await proofOf(checked, attempt)).summary}` }
}

async function comparedWith(
  { line, settings, expected }: Checked,
  attempt: Attempt,
): Promise<Found | 'unpublished'> {
  try {
    const missing = missingFrom(await wsdlOf(line, settings, attempt), line.namespace, expected)
    return missing.length === 0
      ? { ok: true, summary: 'WSDL 与设置相符 (the WSDL has what the settings speak of)' }
      : { ok: false, summary: `WSDL 与设置不符 (the WSDL differs): ${missing.join('; ')}` }
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    return settings.wsdl === undefined && isNoWsdl(error)
      ? 'unpublished'
      : { ok: false, summary: error.message }
  }
}

/** Where none was promised, an old system may have none at `?wsdl`: it refuses, or shows a page. */
const isNoWsdl = ({ kind }: AdapterFailure): boolean => kind === 'rejected' || kind === 'unrecognised'

/** Then only an answered question shows that the address is right. */
async function withoutWsdl(checked: Checked, attempt: Attempt): Promise<Found> {
  const { answered, summary } = await proofOf(checked, attempt)
  const none = '对方未公开 WSDL，设置未比对 (it publishes no WSDL, so the settings were not compared)'
  const mend = answered
    ? ''
    : '；请核对 baseUrl，或设置 wsdl (see that baseUrl is right, or give its WSDL as `wsdl`)'
  return { ok: answered, summary: `${none}; ${summary}${mend}` }
}

async function wsdlOf(line: Line, { wsdl, baseUrl }: SoapSettings, attempt: Attempt): Promise<XmlElement[]> {
  if (isDocument(wsdl)) return [readXml(wsdl)]
  const url = wsdl ?? `${baseUrl}?wsdl`
  const target = attempt.http.target({ url })
  const headers = line.sign({ method: 'GET', target, body: Buffer.alloc(0), at: attempt.now() })
  return fetchWsdl(url, headers, attempt)
}

/** Whoever answers "not there", or even refuses such a case, has let us in. */
async function proofOf({ find }: Checked, attempt: Attempt): Promise<{ answered: boolean; summary: string }> {
  if (!find)
    return {
      answered: false,
      summary: '未配置查询，凭证未验证 (no query is set, so the credentials are not proved)',
    }
  try {
    await (find as NonNullable<Outgoing<Asked>['find']>)(nobodys, attempt)
    return {
      answered: true,
      summary: '凭证有效：查询已应答 (the credentials are good: the query was answered)',
    }
  } catch (error) {
    if (!(error instanceof AdapterFailure) || error.kind !== 'rejected') throw error
    return {
      answered: false,
      summary: `查询被拒，未必与凭证有关 (the query was refused, which need not be the credentials): ${error.message}`,
    }
  }
}
