// The files of a new adapter, from templates/shared with those of its kind laid over. A template is the file itself;
// only {{words}} are filled in, and one that is not known is a fault.

import { readdir, readFile } from 'node:fs/promises'
import type { AdapterKind } from '../../adapter-kit/contract.ts'

interface NewAdapter {
  name: string
  kind: AdapterKind
  /** The kit, as an import from the new folder names it. */
  kit: string
  /** What `adapter:` in config/systems says. */
  reference: string
}

export interface WrittenFile {
  path: string
  text: string
}

const ENDING = '.template'

interface KindWords {
  /** Member of an event that holds our id. */
  idMember: string
  /** What the folder's own test sends, and with which member of givens. */
  operation: string
  given: string
  /** What `find` says before anything was sent; undefined without `find`. */
  findBefore: string
  /** Further members of what the simulator answers. */
  answerData: string
  operations: string
  /** Shared files that make no sense of it. */
  without?: string
}

const table = (...rows: [string, string][]): string =>
  ['| what | request |', '|---|---|', ...rows.map(([what, how]) => `| ${what} | ${how} |`)].join('\n')

const check: [string, string] = ['`tongban system check`', '`GET /ping`']
const reported = (path: string): [string, string] => [
  'its reports',
  `pushed to \`${path}\`, signed as ours are`,
]

const kinds: Record<AdapterKind, KindWords> = {
  department: {
    idMember: 'caseId',
    operation: 'submitCase',
    given: "['case-online']",
    findBefore: 'null',
    answerData: '',
    operations: table(
      ['`submitCase`', '`POST /cases`; `find`: `GET /cases/{number}`'],
      ['`supplementCase`', '`POST /cases/{number}/supplement-{round}`'],
      ['`withdrawCase`', '`POST /cases/{number}/withdrawal`'],
      reported('/v1/systems/<id>/events'),
      check,
    ),
  },
  carrier: {
    idMember: 'parcelId',
    operation: 'createOrder',
    given: "['parcel-collect']",
    findBefore: 'null',
    answerData: '',
    operations: table(
      ['`createOrder`', '`POST /orders`; `find`: `GET /orders/{number}`'],
      ['`cancelOrder`', '`POST /orders/{number}/cancellation`'],
      reported('/v1/carriers/<id>/tracking'),
      check,
    ),
  },
  platform: {
    idMember: 'caseId',
    operation: 'notify',
    given: '.notification',
    findBefore: 'undefined',
    answerData: '',
    operations: table(['`notify`', '`POST /notices`'], ['its submissions', 'signed as ours are'], check),
  },
  'certificate-registry': {
    idMember: 'caseId',
    operation: 'obtainCertificate',
    given: '.certificate',
    findBefore: 'undefined',
    answerData: ", status: '1', copy: Buffer.from('sample copy').toString('base64')",
    operations: table(['`obtainCertificate`', '`POST /queries`'], check),
    without: 'incoming.ts',
  },
  'appointment-book': {
    idMember: 'reservationId',
    operation: 'reserve',
    given: '.reservation',
    findBefore: 'null',
    answerData: ", state: 'booked', from: '2026-12-01T09:30:00+08:00', to: '2026-12-01T10:00:00+08:00'",
    operations: table(
      ['`slots`', '`GET /slots?item=&area=&from=&to=`; the simulator has none'],
      ['`reserve`', '`POST /reservations`; `find`: `GET /reservations/{number}`'],
      ['`cancel`', '`POST /reservations/{number}/cancellation`'],
      check,
    ),
    without: 'incoming.ts',
  },
  rating: {
    idMember: 'caseId',
    operation: 'recordService',
    given: '.service',
    findBefore: 'undefined',
    answerData: '',
    operations: table(
      ['`recordService`', '`POST /services`'],
      ['what applicants say', 'pushed to `/v1/systems/<id>/events`, signed as ours are'],
      check,
    ),
  },
}

export const kindNames = Object.keys(kinds) as AdapterKind[]

/** In no useful order; paths are below the adapter's folder. */
export async function writtenFiles(adapter: NewAdapter): Promise<WrittenFile[]> {
  const { without, ...words } = kinds[adapter.kind]
  const variable = `${adapter.name.replaceAll('-', '_').toUpperCase()}_SECRET`
  const filled = filler({ ...adapter, ...words, variable })
  const files = new Map<string, string>()
  for (const place of ['shared', adapter.kind]) {
    for (const [path, text] of await templatesIn(place)) files.set(path, text)
  }
  return [...files]
    .filter(([path]) => path !== without)
    .map(([path, text]) => ({ path: filled(path), text: filled(text) }))
}

async function templatesIn(place: string): Promise<[path: string, text: string][]> {
  const folder = new URL(`templates/${place}/`, import.meta.url)
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(ENDING))
  return Promise.all(
    names.map(
      async (name): Promise<[string, string]> => [
        name.replaceAll('\\', '/').slice(0, -ENDING.length),
        await readFile(new URL(name, folder), 'utf8'),
      ],
    ),
  )
}

function filler(words: Readonly<Record<string, string>>): (text: string) => string {
  return (text) =>
    text.replace(/\{\{(\w+)\}\}/g, (_all, word: string) => {
      const value = words[word]
      if (value === undefined) throw new Error(`a template says {{${word}}}, which nobody fills in`)
      return value
    })
}
