// Content to document: the house format, or the template of the settings, still without format and charset.

import type {
  CaseContent,
  MaterialContent,
  SupplementContent,
  WithdrawalContent,
} from '../../src/adapter-kit/contract.ts'
import { type Expression, templateSource } from '../../src/adapter-kit/expressions.ts'
import {
  type Carrying,
  houseCase,
  houseSupplement,
  houseWithdrawal,
} from '../../src/adapter-kit/house-documents.ts'
import { compileWithTime } from './expressions.ts'
import type { DroppedContent } from './names.ts'
import type { DroppedOperation } from './settings.ts'

/** Where the n-th file of a material lies beside the document; undefined when it is not carried. */
type PathOf = (material: MaterialContent, n: number) => string | undefined

export type Documents = (
  operation: DroppedOperation,
  content: DroppedContent,
  pathOf: PathOf,
) => Promise<Record<string, unknown> | unknown[]>

/** @throws AdapterFailure 'unrecognised' for a template that is no JSONata */
export function compileDocuments(own: Partial<Record<DroppedOperation, unknown>>, offset: string): Documents {
  const compiled = new Map<string, Expression>()
  for (const [operation, template] of Object.entries(own)) {
    const where = `documents.${operation}`
    const source = typeof template === 'string' ? template : templateSource(template, where)
    compiled.set(operation, compileWithTime(source, where, offset))
  }
  return async (operation, content, pathOf) => {
    const expression = compiled.get(operation)
    if (!expression) return houseDocument(operation, content, pathOf, offset)
    const made = await expression(withPaths(content, pathOf))
    return typeof made === 'object' && made !== null ? (made as Record<string, unknown>) : { value: made }
  }
}

function houseDocument(
  operation: DroppedOperation,
  content: DroppedContent,
  pathOf: PathOf,
  offset: string,
): Record<string, unknown> {
  const carry: Carrying = (_file, material, n) => ({ path: pathOf(material, n) })
  if (operation === 'submitCase')
    return { kind: 'receive', ...houseCase(content as CaseContent, offset, carry) }
  if (operation === 'supplementCase')
    return { kind: 'supplement', ...houseSupplement(content as SupplementContent, carry) }
  return { kind: 'withdraw', ...houseWithdrawal(content as WithdrawalContent) }
}

/** The content as expressions see it: each file with its `path`. */
function withPaths(content: DroppedContent, pathOf: PathOf): unknown {
  if (!('materials' in content)) return content
  const materials = content.materials.map((material: MaterialContent) => ({
    ...material,
    files: material.files.map((file, n) => ({ ...file, path: pathOf(material, n) })),
  }))
  return { ...content, materials }
}
