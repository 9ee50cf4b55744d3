// The whole ledger in the few columns that reconciliation compares. For demos, tests and audits; not for requests.

import pg from 'pg'
import type { Link } from '../domain/paper.ts'

export interface LedgerView {
  submissions: { id: string; externalId: string; platform: string; state: string }[]
  cases: {
    id: string
    submissionId: string
    matter: string
    system: string
    state: string
    reference: string | null
  }[]
  transfers: {
    id: string
    caseId: string | null
    system: string
    operation: string
    state: string
    attempts: number
    reference: string | null
  }[]
  parcels: {
    id: string
    reference: string | null
    state: string
    caseId: string
    direction: string
    materials: string[]
  }[]
  /** Chains of custody; `material` is null for the result of the case. */
  papers: { caseId: string; material: string | null; links: Link[] }[]
  services: { caseId: string; system: string; number: number; satisfactions: number[] }[]
}

export async function readLedgerView(databaseUrl: string): Promise<LedgerView> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'tongban-view' })
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    const rows = async <T extends object>(text: string): Promise<T[]> => (await client.query<T>(text)).rows
    return {
      submissions: await rows('select id, external_id as "externalId", platform, state from submissions'),
      cases: await rows(
        'select id, submission_id as "submissionId", matter, system, state, reference from cases',
      ),
      transfers: await rows(
        `select id, case_id as "caseId", system, operation, state, attempts, receipt ->> 'reference' as reference from transfers`,
      ),
      parcels: await rows(
        `select id, reference, state, data ->> 'caseId' as "caseId", data ->> 'direction' as direction, data -> 'materials' as materials from parcels`,
      ),
      papers: await rows(
        `select c.id as "caseId", p ->> 'material' as material, p -> 'links' as links from cases c, json_array_elements(c.data -> 'papers') p`,
      ),
      services: await rows(
        `select c.id as "caseId", s ->> 'system' as system, (s ->> 'number')::integer as number,
           array(select (e ->> 'satisfaction')::integer from json_array_elements(
             json_build_array(s -> 'evaluation')) e where json_typeof(e) = 'object'
             union all select (e ->> 'satisfaction')::integer from json_array_elements(coalesce(s -> 'additions', '[]')) e) as satisfactions
         from cases c, json_array_elements(c.data -> 'services') s where c.data -> 'services' is not null`,
      ),
    }
  } finally {
    await client.end()
  }
}
