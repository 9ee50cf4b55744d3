// Makes schemas/types.ts from every schemas/**/*.schema.json, so that the contract at every edge is written once.
// A tool for development and CI (`npm run generate`, `npm run generated`); the gateway never runs it.

import { readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { compile } from 'json-schema-to-typescript'
import { readSchemas, type SchemaFile } from './schemas.ts'

const target = fileURLToPath(new URL('../../schemas/types.ts', import.meta.url))

const banner = `// Generated from schemas/**/*.schema.json by \`npm run generate\`. Do not edit: change the schema instead.
`

const help = `Usage: node src/settings/generate-types.ts [--check]

Writes schemas/types.ts from every schemas/**/*.schema.json.
  --check  write nothing; exit 1 when schemas/types.ts is not what the schemas say
  --help   this text
`

/** The whole text of schemas/types.ts. Throws when two schemas give one name two meanings. */
export async function generateTypes(files: readonly SchemaFile[]): Promise<string> {
  const declared = new Map<string, { text: string; file: string }>()
  const sections: string[] = []
  for (const file of files) {
    const own: string[] = []
    for (const declaration of declarations(await typesOf(file))) {
      const known = declared.get(declaration.name)
      if (known?.text === declaration.text) continue
      if (known) throw new Error(clash(declaration.name, known.file, file.name))
      declared.set(declaration.name, { text: declaration.text, file: file.name })
      own.push(declaration.text)
    }
    sections.push(`// ---- ${file.name}\n\n${own.join('\n')}`)
  }
  return `${banner}\n${sections.join('\n')}`
}

async function typesOf(file: SchemaFile): Promise<string> {
  return compile(JSON.parse(file.text), basename(file.path, '.schema.json'), {
    bannerComment: '',
    additionalProperties: true,
    cwd: dirname(file.path),
    ignoreMinAndMaxItems: true,
    unknownAny: true,
    style: { semi: false, singleQuote: true, printWidth: 110 },
  })
}

/** Each exported declaration with the comment above it. */
function declarations(text: string): { name: string; text: string }[] {
  return text
    .split(/^(?=\/\*\*|export )/m)
    .reduce<string[]>((parts, part) => {
      const previous = parts.at(-1)
      if (previous?.startsWith('/**') && !previous.includes('\nexport ')) parts[parts.length - 1] += part
      else parts.push(part)
      return parts
    }, [])
    .flatMap((part) => {
      const name = /^export (?:interface|type) (\w+)/m.exec(part)?.[1]
      return name ? [{ name, text: `${part.trim()}\n` }] : []
    })
}

const clash = (name: string, first: string, second: string): string =>
  `${first} and ${second} both describe a type ${name}, differently: give one of them another title`

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, help: { type: 'boolean' } } })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const wanted = await generateTypes(await readSchemas())
  const shown = relative(process.cwd(), target)
  if (!values.check) {
    await writeFile(target, wanted)
    process.stdout.write(`${shown} written\n`)
    return 0
  }
  const present = await readFile(target, 'utf8').catch(() => '')
  if (present === wanted) return 0
  process.stderr.write(`${shown} is stale: run npm run generate\n`)
  return 1
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await main()
}
