// The parameters of a query, by name: one that a route does not know is refused, so that a misspelt one never looks like
// an answer to another question.

import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import { nearest } from '../domain/nearest.ts'
import { at, type FieldError, fieldError } from './field-error.ts'
import { problem } from './problems.ts'

type Query = Readonly<Record<string, unknown>>

/** Where the faults of a parameter point. */
export const inQuery = (...path: (string | number)[]): string => path.reduce<string>(at, '/query')

/** A fault for each parameter that is none of `known`. */
export function unknownParameters(query: unknown, known: readonly string[]): FieldError[] {
  return Object.keys((query ?? {}) as Query)
    .filter((name) => !known.includes(name))
    .map((name) => unknownParameter(name, known))
}

/** For routes that read nothing else of their query. Throws `invalid-request` with all faults. */
export function refuseUnknown(query: unknown, known: readonly string[]): void {
  const errors = unknownParameters(query, known)
  if (errors.length > 0) throw problem('invalid-request', { errors })
}

/**
 * For every route that is added to `app` from now on and changes something: it takes no parameters but those
 * that its description names, for `?dryrun=true` must not do what it was only to count. Messages in a
 * system's own form have parameters of their own.
 */
export function refuseStray(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const { access, doc } = route.config ?? {}
    const reads = [route.method].flat().every((one) => one === 'GET' || one === 'HEAD')
    if (reads || !doc || access === 'signed' || doc.query?.additionalProperties === true) return
    const known = Object.keys(doc.query?.properties ?? {})
    const refuse: onRequestHookHandler = (request, _reply, done) => {
      const errors = unknownParameters(request.query, known)
      done(errors.length > 0 ? problem('invalid-request', { errors }) : undefined)
    }
    route.onRequest = [route.onRequest ?? [], refuse].flat()
  })
}

const LONGEST_NAME = 64

export function unknownParameter(name: string, known: readonly string[]): FieldError {
  const said = name.slice(0, LONGEST_NAME)
  const near = nearest(said, known)
  const [en, zh] = near
    ? [`did you mean ${near}?`, `是否为 ${near}？`]
    : known.length === 0
      ? ['none is known here', '此处不接受参数']
      : [`known ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`, `可用参数：${known.join('、')}`]
  return fieldError(
    inQuery(said),
    'unknown-field',
    `There is no parameter ${said}; ${en}`,
    `没有参数 ${said}，${zh}`,
  )
}
