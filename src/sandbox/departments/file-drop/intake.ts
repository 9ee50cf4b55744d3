// What the gateway drops: taken when its manifest is there and every file agrees with it, handed to the counter,
// answered with an acknowledgement file, and moved to done/ or reject/.

import type { HouseAnswer } from '../answers.ts'
import type { Counter } from '../counter.ts'
import { count, type Register } from '../project.ts'
import { type Read, readReceive, readSupplement, readWithdraw, type SentMaterial } from '../receive.ts'
import { type FileFormat, isFields, readDocument, writeDocument } from './documents.ts'
import { type Folders, type Listed, readManifest, sumOf } from './folders.ts'

interface IntakeParts {
  folders: Folders
  counter: Counter
  register: Register
  format: FileFormat
}

type Fields = Record<string, unknown>
const MANIFEST = '.mf'

/** Takes every whole set that lies in out/. */
export async function takeSets(parts: IntakeParts): Promise<void> {
  for (const manifest of await parts.folders.names('out'))
    if (manifest.endsWith(MANIFEST)) await takeSet(parts, manifest)
}

async function takeSet(parts: IntakeParts, manifest: string): Promise<void> {
  const { folders, register, format } = parts
  const name = manifest.slice(0, -MANIFEST.length)
  count(register, 'requests')
  const listed = readManifest((await folders.read('out', manifest)) ?? Buffer.alloc(0)) ?? []
  const files = await verified(folders, listed)
  const answer = files ? judge(parts, name, files) : parts.counter.refuse(undefined, '清单与文件不符')
  const { code, message, data } = answer
  const ack = { file: name, code, message, projectNo: data?.projectNo }
  await folders.write('ack', `${name}.ack`, writeDocument(ack, 'acknowledgement', format))
  const to = code === '0' || code === '1006' ? 'done' : 'reject'
  for (const one of listed) await folders.move('out', to, one.name)
  await folders.move('out', to, manifest)
}

/** Undefined when a file is missing or is not what the manifest says. */
async function verified(
  folders: Folders,
  listed: readonly Listed[],
): Promise<Map<string, Buffer> | undefined> {
  const files = new Map<string, Buffer>()
  for (const { name, size, sha256 } of listed) {
    const bytes = await folders.read('out', name)
    if (bytes?.length !== size || sumOf(bytes) !== sha256) return undefined
    files.set(name, bytes)
  }
  return files
}

function judge(parts: IntakeParts, name: string, files: ReadonlyMap<string, Buffer>): HouseAnswer {
  const { counter, register, format } = parts
  const bytes = name.endsWith(`.${format}`) ? files.get(name) : undefined
  const document = bytes && readDocument(bytes, format)
  if (!document) return counter.refuse(undefined, '文件内容无法识别')
  const wrong = wrongFile(document, files)
  if (wrong) return counter.refuse(document, `材料文件不符：${wrong}`)
  const message = { ...document, materials: withLinks(document.materials) }
  count(register, 'filesVerified', files.size - 1)
  if (document.kind === 'receive') return take(counter, message, readReceive, counter.receive)
  const known = {
    ...message,
    projectNo: document.projectNo ?? register.byOuterNo.get(String(document.outerNo))?.projectNo,
  }
  if (document.kind === 'supplement') return take(counter, known, readSupplement, counter.supplement)
  if (document.kind === 'withdraw') return take(counter, known, readWithdraw, counter.withdraw)
  return counter.refuse(document, '参数错误：kind')
}

function take<T>(
  counter: Counter,
  message: Fields,
  read: (message: unknown) => Read<T>,
  handle: (message: T) => HouseAnswer,
): HouseAnswer {
  const result = read(message)
  if (!result.ok) return counter.refuse(message, `参数错误：${result.field}`)
  const { materials } = result.message as { materials?: SentMaterial[] }
  // The files came along and are proved already: nothing is left to be fetched.
  const arrived = materials ? { materials: materials.map((one) => ({ ...one, files: [] })) } : {}
  return handle({ ...result.message, ...arrived })
}

const filesOf = (material: unknown): Fields[] =>
  isFields(material) && Array.isArray(material.files) ? material.files.filter(isFields) : []

/** The name of the first file that is not there as the document describes it. */
function wrongFile(document: Fields, files: ReadonlyMap<string, Buffer>): string | undefined {
  const sent = Array.isArray(document.materials) ? document.materials.flatMap(filesOf) : []
  const wrong = sent.find(({ path, size, sha256 }) => {
    const bytes = files.get(String(path))
    return bytes?.length !== size || sumOf(bytes as Buffer) !== sha256
  })
  return wrong && String(wrong.name)
}

/** The counter's forms know files by links; these lie beside the document. */
function withLinks(materials: unknown): unknown {
  if (!Array.isArray(materials)) return materials
  return materials.map((material: unknown) =>
    isFields(material) && Array.isArray(material.files)
      ? {
          ...material,
          files: filesOf(material).map((file) => ({ ...file, url: `http://drop.invalid/${file.path}` })),
        }
      : material,
  )
}
