// A department that speaks SOAP: its profile decides what is said, soap/ how. Plain XML over the attempt's HTTP client,
// so that every fault of the line is named by the kit.

import type { Adapter, Attempt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { readXml, type XmlElement } from '../../src/adapter-kit/xml.ts'
import { complete } from './ex-gdbs/complete.ts'
import { exGdbsIncoming } from './ex-gdbs/incoming.ts'
import { exGdbsOutgoing } from './ex-gdbs/outgoing.ts'
import { incomingOf } from './incoming.ts'
import { plainIncoming } from './plain/incoming.ts'
import { plainOutgoing } from './plain/outgoing.ts'
import { type PlainSettings, plainOperations, type SoapSettings } from './settings.ts'
import { isDocument, type Line, lineOf, needed } from './soap/line.ts'
import { type ExpectedOperation, missingFrom } from './soap/wsdl.ts'
import { fetchWsdl } from './soap/wsdl-fetch.ts'

/** @throws AdapterFailure 'unrecognised' for settings that make no sense together */
export function createDepartmentSoap(settings: SoapSettings): Adapter {
  const line = lineOf(settings)
  return settings.profile === 'ex-gdbs' ? exGdbs(line, settings) : plain(line, settings)
}

function exGdbs(line: Line, settings: SoapSettings): Adapter {
  const own = complete(needed(settings.exGdbs, 'exGdbs'))
  const { set, query } = own
  const expected = [set, ...(query ? [query] : [])].map(({ operation, parameters }) => ({
    operation,
    parameters: Object.values(parameters),
  }))
  return {
    outgoing: exGdbsOutgoing(line, settings, own),
    incoming: incomingOf(line, settings, exGdbsIncoming(line, own, settings.incoming)),
    check: (attempt) => check(line, settings, expected, attempt),
  }
}

function plain(line: Line, settings: SoapSettings): Adapter {
  const own = needed(settings.plain, 'plain')
  const { incoming } = own
  const profile = incoming && plainIncoming(line, own, incoming, settings.incoming)
  return {
    outgoing: plainOutgoing(line, settings, own),
    ...(profile ? { incoming: incomingOf(line, settings, profile) } : {}),
    check: (attempt) => check(line, settings, expectedOf(own), attempt),
  }
}

function expectedOf({ operations = {} }: PlainSettings): ExpectedOperation[] {
  return plainOperations
    .flatMap((name) => [operations[name], operations[name]?.find])
    .flatMap((call) => (call ? { operation: call.operation, parameters: Object.keys(call.parameters) } : []))
}

/** Compares the WSDL with the settings: no operation is called. */
async function check(
  line: Line,
  settings: SoapSettings,
  expected: readonly ExpectedOperation[],
  attempt: Attempt,
): Promise<{ ok: boolean; summary: string }> {
  try {
    const missing = missingFrom(await wsdlOf(line, settings, attempt), line.namespace, expected)
    return missing.length === 0
      ? { ok: true, summary: 'WSDL 与设置相符 (the WSDL has what the settings speak of)' }
      : { ok: false, summary: `WSDL 与设置不符 (the WSDL differs): ${missing.join('; ')}` }
  } catch (error) {
    if (error instanceof AdapterFailure) return { ok: false, summary: error.message }
    throw error
  }
}

async function wsdlOf(line: Line, { wsdl, baseUrl }: SoapSettings, attempt: Attempt): Promise<XmlElement[]> {
  if (isDocument(wsdl)) return [readXml(wsdl)]
  const url = wsdl ?? `${baseUrl}?wsdl`
  const target = attempt.http.target({ url })
  const headers = line.sign({ method: 'GET', target, body: Buffer.alloc(0), at: attempt.now() })
  return fetchWsdl(url, headers, attempt)
}
