// Lists of materials in one field: `code|name|…;code|name|…`. Separators within a name give way to full-width ones.

import type { EventDetail, MaterialContent } from '../../../src/adapter-kit/contract.ts'
import { refusedXml } from '../../../src/adapter-kit/xml.ts'
import type { ExGdbs } from './complete.ts'

type Lists = ExGdbs['materialLists']

const sourceCodes = { upload: '1', certificate: '2', shared: '3', paper: '0' } as const

export function writeMaterials(materials: readonly MaterialContent[], lists: Lists): string {
  return materials
    .map((material) => lists.sent.map((part) => clean(partOf(material, part), lists)).join(lists.within))
    .join(lists.between)
}

function partOf(
  { code, name, source, certificate, files }: MaterialContent,
  part: Lists['sent'][number],
): string {
  if (part === 'code') return code
  if (part === 'name') return name
  if (part === 'source') return sourceCodes[source]
  return part === 'certificate' ? (certificate?.identifier ?? '') : String(files.length)
}

const MAX_WIDTH_OFFSET = 0xfee0

/** ASCII separators become their full-width forms; others are left out. */
function clean(text: string, { between, within }: Lists): string {
  return [between, within].reduce((rest, separator) => rest.replaceAll(separator, fullWidth(separator)), text)
}

function fullWidth(separator: string): string {
  return [...separator]
    .map((one) =>
      /[!-~]/.test(one) ? String.fromCodePoint((one.codePointAt(0) ?? 0) + MAX_WIDTH_OFFSET) : ' ',
    )
    .join('')
}

/** What a correction asks for, as it would be read. */
export function writeAsked(asked: NonNullable<EventDetail['materials']>, lists: Lists): string {
  return asked
    .map(({ code, reason }) =>
      lists.asked
        .map((part) => clean(part === 'code' ? code : part === 'reason' ? (reason ?? '') : '', lists))
        .join(lists.within),
    )
    .join(lists.between)
}

const MAX_MATERIALS = 200

/** What a correction asks for. @throws AdapterFailure 'unrecognised' for a material without a code */
export function readMaterials(text: string | undefined, lists: Lists): EventDetail['materials'] {
  if (!text) return undefined
  const listed = text.split(lists.between).filter((one) => one.trim() !== '')
  if (listed.length > MAX_MATERIALS) throw refusedXml('补正材料过多 (too many materials are asked for)')
  return listed.map((one) => {
    const parts = one.split(lists.within).map((part) => part.trim())
    const part = (name: Lists['asked'][number]) => {
      const at = lists.asked.indexOf(name)
      return at === -1 ? '' : (parts[at] ?? '')
    }
    const code = part('code')
    if (!code || parts.length > lists.asked.length)
      throw refusedXml('补正材料清单无法识别 (the list of materials cannot be read)')
    return { code, reason: part('reason') || part('name') }
  })
}
