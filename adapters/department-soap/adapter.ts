// A department that speaks SOAP: its profile decides what is said, soap/ how. Plain XML over the attempt's HTTP client,
// so that every fault of the line is named by the kit.

import type { Adapter } from '../../src/adapter-kit/contract.ts'
import { check } from './check.ts'
import { complete } from './ex-gdbs/complete.ts'
import { exGdbsIncoming } from './ex-gdbs/incoming.ts'
import { exGdbsOutgoing } from './ex-gdbs/outgoing.ts'
import { incomingOf } from './incoming.ts'
import { plainIncoming } from './plain/incoming.ts'
import { plainOutgoing } from './plain/outgoing.ts'
import { plainPolling } from './plain/polling.ts'
import { type PlainSettings, plainOperations, type SoapSettings } from './settings.ts'
import { type Line, lineOf, needed } from './soap/line.ts'
import type { ExpectedOperation } from './soap/wsdl.ts'

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
  const outgoing = exGdbsOutgoing(line, settings, own)
  return {
    outgoing,
    incoming: incomingOf(line, settings, exGdbsIncoming(line, own, settings.incoming)),
    check: (attempt) => check({ line, settings, expected, find: outgoing.supplementCase?.find }, attempt),
  }
}

function plain(line: Line, settings: SoapSettings): Adapter {
  const own = needed(settings.plain, 'plain')
  const { incoming, polling } = own
  const profile = incoming && plainIncoming(line, own, incoming, settings.incoming)
  const outgoing = plainOutgoing(line, settings, own)
  const find = outgoing.supplementCase?.find ?? outgoing.submitCase?.find
  return {
    outgoing,
    ...(profile ? { incoming: incomingOf(line, settings, profile) } : {}),
    ...(polling ? { polling: plainPolling(line, settings, own, polling) } : {}),
    check: (attempt) => check({ line, settings, expected: expectedOf(own), find }, attempt),
  }
}

function expectedOf({ operations = {}, polling }: PlainSettings): ExpectedOperation[] {
  return [...plainOperations.flatMap((name) => [operations[name], operations[name]?.find]), polling].flatMap(
    (call) => (call ? { operation: call.operation, parameters: Object.keys(call.parameters) } : []),
  )
}
