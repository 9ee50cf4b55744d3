// What a platform reads of the gateway's catalogue before it submits: themes, their questions, and the checklist
// of one combination. Remembered, because a checklist does not change within a run.

import { type GatewayClient, jsonOf } from './gateway-client.ts'

export type Mode = 'online' | 'agent' | 'appointment'
type Fields = Record<string, unknown>

export interface ThemeView {
  code: string
  applicant: 'person' | 'organisation' | 'any'
  modes: Mode[]
  situations: { code: string; type: 'boolean' | 'choice'; choices: string[] }[]
  /** JSON Schema of the form, where there is one. */
  form?: Fields
}

export interface MaterialView {
  code: string
  name: string
  required: boolean
  sources: ('upload' | 'certificate' | 'shared' | 'paper')[]
  mediaTypes: string[]
  maxBytes: number
  certificateType?: string
}

export interface OfferedTheme {
  code: string
  modes: readonly Mode[]
}

export interface CatalogueReader {
  /** Every theme in force, in the catalogue's order. */
  themes(): Promise<OfferedTheme[]>
  theme(code: string): Promise<ThemeView | undefined>
  /** undefined when the gateway does not offer the combination. */
  checklist(ask: {
    theme: string
    home: string
    mode: Mode
    situations: Fields
  }): Promise<MaterialView[] | undefined>
}

const SOME_BYTES = 1_000_000

export function readCatalogue(gateway: GatewayClient): CatalogueReader {
  const remembered = new Map<string, Promise<Fields | undefined>>()
  const read = (path: string): Promise<Fields | undefined> => {
    const known = remembered.get(path)
    if (known) return known
    const reading = gateway.get(path).then((answer) => (answer.status === 200 ? jsonOf(answer) : undefined))
    remembered.set(path, reading)
    reading.catch(() => remembered.delete(path))
    return reading
  }
  return {
    async themes() {
      const found = await read('/v1/themes')
      return list(found?.themes).map((theme) => ({ code: String(theme.code), modes: modesOf(theme) }))
    },
    async theme(code) {
      const found = await read(`/v1/themes/${code}`)
      return found && themeView(found)
    },
    async checklist({ theme, home, mode, situations }) {
      const query = new URLSearchParams({ home, mode, situations: JSON.stringify(situations) })
      const found = await read(`/v1/themes/${theme}/checklist?${query}`)
      return found && list(found.materials).map(materialView)
    },
  }
}

function themeView(found: Fields): ThemeView {
  const form = fields(found.form)
  return {
    code: String(found.code),
    applicant: found.applicant === 'organisation' || found.applicant === 'person' ? found.applicant : 'any',
    modes: modesOf(found),
    situations: list(found.situations).map((situation) => ({
      code: String(situation.code),
      type: situation.type === 'choice' ? 'choice' : 'boolean',
      choices: list(situation.choices).map((choice) => String(choice.value)),
    })),
    ...(form ? { form } : {}),
  }
}

function modesOf({ modes }: Fields): Mode[] {
  return (Array.isArray(modes) ? modes : ['online']) as Mode[]
}

function materialView(found: Fields): MaterialView {
  const name = fields(found.name)
  return {
    code: String(found.code),
    name: String(name?.zh ?? found.name ?? found.code),
    required: found.required === true,
    sources: (Array.isArray(found.sources) ? found.sources : ['upload']) as MaterialView['sources'],
    mediaTypes: Array.isArray(found.mediaTypes) ? found.mediaTypes.map(String) : [],
    maxBytes: typeof found.maxBytes === 'number' ? found.maxBytes : SOME_BYTES,
    ...(typeof found.certificateType === 'string' ? { certificateType: found.certificateType } : {}),
  }
}

function list(value: unknown): Fields[] {
  return Array.isArray(value) ? (value as Fields[]) : []
}

function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}
