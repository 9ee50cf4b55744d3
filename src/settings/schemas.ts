// Finds the JSON Schemas of schemas/ and compiles them, once for the whole process.
// What an error means is said in explain.ts; nothing here knows what the schemas are about.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { type Explained, explainAll } from './explain.ts'

export interface SchemaFile {
  /** Below schemas/, with slashes: config/gateway.schema.json. */
  name: string
  path: string
  text: string
}

/** Fills in defaults in `data`, and answers every error at once; empty when valid. */
export type Check = (data: unknown) => Explained[]

const folder = fileURLToPath(new URL('../../schemas/', import.meta.url))
const ending = '.schema.json'

/** Every file below schemas/ that ends in .schema.json, sorted by name. */
export function readSchemas(): SchemaFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => name.replaceAll('\\', '/'))
    .sort()
    .map((name) => ({ name, path: join(folder, name), text: readFileSync(join(folder, name), 'utf8') }))
}

interface AjvOptions {
  useDefaults?: boolean
  /** Whether a schema is one itself. */
  validateSchema?: boolean
  /** What is compiled is used once or twice: not worth optimising, which is a third of the work. */
  once?: boolean
}

/**
 * A validator for JSON Schema 2020-12 with formats, that reports all errors with what is needed to explain them.
 * That a schema is one itself is only looked at when asked: ours are shipped with a test that does.
 * Beside the standard it knows the formats below, `x-form`: `{ en, zh }`, what a pattern or choice asks for in words, and
 * `x-file`: a text that may lie in a file of its own.
 */
export function createAjv(options: AjvOptions = {}): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    useDefaults: options.useDefaults ?? false,
    validateSchema: options.validateSchema ?? false,
    meta: options.validateSchema ?? false,
    code: { optimize: !options.once },
  })
  addFormats.default(ajv)
  for (const [name, shape] of Object.entries(formShapes)) ajv.addFormat(name, shape)
  ajv.addVocabulary(['x-form', 'x-zh', 'x-file', 'example'])
  return ajv
}

/** Formats that forms of a city may ask for; only their shape, check digits are src/intake's work. */
const formShapes = {
  'id-number': /^[1-9]\d{16}[\dX]$/,
  uscc: /^[0-9A-HJ-NP-RTUW-Y]{18}$/,
  mobile: /^1\d{10}$/,
  phone: /^[0-9+ -]{7,20}$/,
  division: /^[1-9]\d{5}$/,
  'holder-number': /^\S{1,64}$/,
} as const

/** The check of one schema of schemas/, by name without its ending: `config/gateway`, `submission`. */
type CompiledSchemas = (name: string) => Check

let compiled: CompiledSchemas | undefined

/** All schemas of schemas/, each compiled when first asked for and kept. Schemas may refer to each other by $id. */
export function compileSchemas(): CompiledSchemas {
  compiled ??= compileAll()
  return compiled
}

/** The check of a schema from elsewhere: an adapter's settings, a theme's form. Throws when it is no JSON Schema. */
export function compileSchema(schema: AnySchemaObject, options: { useDefaults?: boolean } = {}): Check {
  reader ??= createAjv({ validateSchema: true, once: true })
  reader.validateSchema(schema, true)
  return checkOf(createAjv({ ...options, once: true }).compile(schema))
}

/** Compiles what JSON Schema says of itself once for all: a catalogue has a form for every theme. */
let reader: Ajv2020 | undefined

function compileAll(): CompiledSchemas {
  const edges = createAjv()
  const configuration = createAjv({ useDefaults: true, once: true })
  const checks = new Map<string, Check>()
  for (const file of readSchemas()) {
    const ajv = file.name.startsWith('config/') ? configuration : edges
    ajv.addSchema(JSON.parse(file.text), nameOf(file))
  }
  return (name) => {
    const known = checks.get(name)
    if (known) return known
    const ajv = name.startsWith('config/') ? configuration : edges
    const validate = ajv.getSchema(name)
    if (!validate) throw new Error(`There is no schema schemas/${name}${ending}`)
    const check = checkOf(validate as ValidateFunction)
    checks.set(name, check)
    return check
  }
}

function checkOf(validate: ValidateFunction): Check {
  return (data) => (validate(data) ? [] : explainAll(validate.errors))
}

const nameOf = (file: SchemaFile): string => file.name.slice(0, -ending.length)
