// Cases, supplements and withdrawals into the department's tables: one transaction each, under a lock named after the
// case, so that one case is written once even where the table has no unique key.

import { addAbortSignal } from 'node:stream'
import type {
  Adapter,
  Attempt,
  CaseContent,
  Receipt,
  SupplementContent,
  WithdrawalContent,
} from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { refuseUnwritable } from './charset.ts'
import type { Database, Row, Session } from './database.ts'
import { isDuplicate } from './faults.ts'
import { largeObjectOf } from './large-object.ts'
import { carriesBytes, type Layout } from './layout.ts'
import type { OwnValues } from './own-values.ts'
import {
  acceptRow,
  exchangeValues,
  type MaterialRow,
  materialRows,
  ownOf,
  refuseTooLarge,
  valuesOf,
} from './rows.ts'
import type { ExchangeSettings } from './settings.ts'
import { findAccepted, findMaterials, insertInto, markWithdrawn } from './statements.ts'

interface Exchange {
  settings: ExchangeSettings
  layout: Layout
  database: Database
}

export function outgoingOf(exchange: Exchange): Adapter['outgoing'] {
  const { layout } = exchange
  return {
    submitCase: {
      honoursKey: true,
      send: (content, attempt) => submit(exchange, content, attempt),
      find: (content, attempt) => findCase(exchange, content, attempt),
    },
    supplementCase: {
      honoursKey: true,
      send: (content, attempt) => supplement(exchange, content, attempt),
      find: (content, attempt) => findSupplement(exchange, content, attempt),
    },
    ...(layout.accept.has('cd_operation')
      ? {
          withdrawCase: {
            honoursKey: true,
            send: (content: WithdrawalContent, attempt: Attempt) => withdraw(exchange, content, attempt),
            find: (content: WithdrawalContent, attempt: Attempt) =>
              findWithdrawal(exchange, content, attempt),
          },
        }
      : {}),
  }
}

async function submit(exchange: Exchange, content: CaseContent, attempt: Attempt): Promise<Receipt> {
  const { layout, settings, database } = exchange
  const row = acceptRow(layout, content, attempt)
  const materials = materialRows(layout, content, attempt)
  refuseTooLarge(layout, materials)
  const own = await ownOf(layout.accept, layout, content, attempt)
  const ownOfMaterials = await ownOf(layout.material, layout, content, attempt)
  refuseUnwritable(settings.charset, layout.accept, [row], own)
  refuseUnwritable(settings.charset, layout.material, valuesOf(materials), ownOfMaterials)
  const write = async (session: Session): Promise<Receipt> => {
    const known = await accepted(layout, session, content.caseId)
    if (known) return { ...receiptOf(known), duplicate: true }
    // The case last: where tables know no transactions, it says that the materials are complete.
    await addMaterials(layout, session, content.caseId, materials, ownOfMaterials, attempt)
    await session.run(insertInto(layout.accept, row, own), layout.accept.title)
    return receiptOf((await accepted(layout, session, content.caseId)) ?? { project_no: content.caseId })
  }
  try {
    return await database.transaction(attempt.signal, write, content.caseId)
  } catch (error) {
    const known = isDuplicate(error) ? await findCase(exchange, content, attempt) : null
    if (!known) throw error
    return { ...known, duplicate: true }
  }
}

async function supplement(
  { layout, settings, database }: Exchange,
  content: SupplementContent,
  attempt: Attempt,
): Promise<Receipt> {
  const materials = materialRows(layout, content, attempt)
  refuseTooLarge(layout, materials)
  const own = await ownOf(layout.material, layout, content, attempt)
  refuseUnwritable(settings.charset, layout.material, valuesOf(materials), own)
  return database.transaction(
    attempt.signal,
    async (session) => {
      const known = await hasTaken(layout, session, content.caseId)
      const added = await addMaterials(layout, session, content.caseId, materials, own, attempt)
      return { ...receiptOf(known), ...(added === 0 ? { duplicate: true } : {}) }
    },
    content.caseId,
  )
}

async function withdraw(
  { layout, database }: Exchange,
  content: WithdrawalContent,
  attempt: Attempt,
): Promise<Receipt> {
  const exchange = exchangeValues(layout, layout.operations.withdraw, attempt)
  return database.transaction(
    attempt.signal,
    async (session) => {
      const known = await requireAccepted(layout, session, content.caseId)
      const { affected } = await session.run(
        markWithdrawn(layout, content.caseId, exchange),
        layout.accept.title,
      )
      return { ...receiptOf(known), ...(affected === 0 ? { duplicate: true } : {}) }
    },
    content.caseId,
  )
}

async function findCase(
  { layout, database }: Exchange,
  { caseId }: { caseId: string },
  attempt: Attempt,
): Promise<Receipt | null> {
  const known = await database.session(attempt.signal, (session) => accepted(layout, session, caseId))
  return known ? receiptOf(known) : null
}

async function findSupplement(
  { layout, database }: Exchange,
  content: SupplementContent,
  attempt: Attempt,
): Promise<Receipt | null> {
  const materials = materialRows(layout, content, attempt)
  return database.session(attempt.signal, async (session) => {
    const known = layout.cleaning?.cases
      ? await hasTaken(layout, session, content.caseId)
      : await accepted(layout, session, content.caseId)
    if (!known) return null
    const missing = await missingOf(layout, session, content.caseId, materials)
    return missing.length === 0 ? receiptOf(known) : null
  })
}

async function findWithdrawal(
  { layout, database }: Exchange,
  { caseId }: WithdrawalContent,
  attempt: Attempt,
): Promise<Receipt | null> {
  const known = await database.session(attempt.signal, (session) => accepted(layout, session, caseId))
  return known?.cd_operation === layout.operations.withdraw ? receiptOf(known) : null
}

async function accepted(layout: Layout, session: Session, caseId: string): Promise<Row | undefined> {
  const { rows } = await session.run(findAccepted(layout, caseId), layout.accept.title)
  return rows[0]
}

/**
 * Where taken cases are cleaned away, one that is not there any more was taken: what is added to it is still
 * for the department.
 */
async function hasTaken(layout: Layout, session: Session, caseId: string): Promise<Row> {
  if (!layout.cleaning?.cases) return requireAccepted(layout, session, caseId)
  return (await accepted(layout, session, caseId)) ?? { project_no: caseId }
}

async function requireAccepted(layout: Layout, session: Session, caseId: string): Promise<Row> {
  const known = await accepted(layout, session, caseId)
  if (known) return known
  throw new AdapterFailure(
    'rejected',
    `${layout.accept.title} 中没有该办件 (the department's table has no such case)`,
  )
}

/** @returns how many were not there yet */
async function addMaterials(
  layout: Layout,
  session: Session,
  caseId: string,
  materials: readonly MaterialRow[],
  own: OwnValues,
  attempt: Attempt,
): Promise<number> {
  const missing = await missingOf(layout, session, caseId, materials)
  for (const { values, file } of missing) {
    const row =
      file && carriesBytes(layout)
        ? { ...values, file_content: await contentOf(file.sha256, layout, session, attempt) }
        : values
    await session.run(insertInto(layout.material, row, own), layout.material.title)
  }
  return missing.length
}

async function missingOf(
  layout: Layout,
  session: Session,
  caseId: string,
  materials: readonly MaterialRow[],
): Promise<MaterialRow[]> {
  if (materials.length === 0) return []
  const guids = materials.map(({ guid }) => guid)
  const { rows } = await session.run(findMaterials(layout, caseId, guids), layout.material.title)
  const present = new Set(rows.map(({ guid }) => guid?.trim().toLowerCase()))
  return materials.filter(({ guid }) => !present.has(guid))
}

/** What stands in the column: the bytes, or the oid of the large object that holds them. */
async function contentOf(
  sha256: string,
  layout: Layout,
  session: Session,
  attempt: Attempt,
): Promise<Buffer | string> {
  const bytes = await bytesOf(sha256, layout, attempt)
  return layout.files === 'large-object' ? largeObjectOf(layout, session, bytes) : bytes
}

/** One file at a time, and none beyond the limit. */
async function bytesOf(sha256: string, { maxFileBytes }: Layout, attempt: Attempt): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  const stream = addAbortSignal(attempt.signal, await attempt.files.open(sha256))
  try {
    for await (const piece of stream) {
      const bytes = Buffer.from(piece as Uint8Array)
      size += bytes.length
      if (size > maxFileBytes)
        throw new AdapterFailure('rejected', '文件超过 maxFileBytes (a file is larger than maxFileBytes)')
      pieces.push(bytes)
    }
  } catch (error) {
    if (!attempt.signal.aborted) throw error
    throw new AdapterFailure('unavailable', '读取文件时已到时限 (the time was over while a file was read)')
  }
  return Buffer.concat(pieces)
}

function receiptOf(row: Row): Receipt {
  const reference = row.department_no ?? row.project_no
  return reference ? { reference } : {}
}
