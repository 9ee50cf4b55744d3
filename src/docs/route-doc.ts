// What a route says about itself for the OpenAPI document. Documentation only: it is kept out of Fastify's
// `schema`, so nothing here validates a request, drops a field of an answer or costs time when one is served.
// The names of `query` alone are held against requests that change something (http/query-parameters.ts).

/** A JSON Schema 2020-12, or a reference made with `schemaOf`. */
export type DocSchema = Readonly<Record<string, unknown>>

export interface RouteDoc {
  /** One is enough; in both languages, as every text here. */
  tags: readonly string[]
  summary: string
  description?: string
  /** Default: made of method and path. */
  operationId?: string
  /**
   * Object schemas; their properties become parameters. Path parameters are found by themselves. A query with
   * `additionalProperties` has parameters of the sender's own.
   */
  params?: DocSchema
  query?: DocSchema
  headers?: DocSchema
  body?: ContentDoc | readonly ContentDoc[]
  /** By status. Every operation also gets the problem document as its default answer. */
  responses: Readonly<Record<number, AnswerDoc>>
  /** Refusals too may be told in the sender's own form. */
  ownForm?: boolean
  /** What `*` at the end of the path is called. */
  rest?: string
}

export interface ContentDoc {
  /** Default application/json. */
  contentType?: string
  schema?: DocSchema
  examples?: Readonly<Record<string, { summary?: string; value: unknown }>>
}

/** What it holds is said, or that it holds nothing: an answer that is silent would be read as empty. */
export type AnswerDoc = { description: string } & ((Told & { or?: ContentDoc }) | { empty: true })

type Told = ContentDoc & ({ schema: DocSchema } | { contentType: string })

declare module 'fastify' {
  interface FastifyContextConfig {
    doc?: RouteDoc
  }
}

/**
 * A part of a form that is a file. No type: beside named parts of another, a client in TypeScript could never be given
 * both (OpenAPI 3.1 describes binary content by its media type alone).
 */
export const FILE_PART: DocSchema = { contentMediaType: 'application/octet-stream' }

/** A reference to schemas/<name>.schema.json, or to one of its `$defs`: `schemaOf('submission', 'applicant')`. */
export function schemaOf(name: string, definition?: string): DocSchema {
  const within = definition === undefined ? '' : `/$defs/${definition}`
  return { $ref: `#/components/schemas/${componentName(name)}${within}` }
}

/** A refusal that is worth a line of its own. */
export const refusalOf = (description: string) => ({
  description,
  contentType: 'application/problem+json',
  schema: schemaOf('problem'),
})

/** A list that is answered whole. */
export const listOf = (item: DocSchema): DocSchema => ({
  type: 'object',
  required: ['items'],
  properties: { items: { type: 'array', items: item } },
})

/** submission → Submission, case-event → CaseEvent. */
export function componentName(name: string): string {
  return name.replace(/(?:^|[-_.])([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
