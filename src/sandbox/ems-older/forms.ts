// Bodies of forms, as texts by name.

import type { FastifyInstance } from 'fastify'

const FORM = 'application/x-www-form-urlencoded'

export function readForms(app: FastifyInstance): void {
  if (app.hasContentTypeParser(FORM)) return
  app.addContentTypeParser(FORM, { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))))
  })
}

export function formsOf(body: unknown): Record<string, string> {
  return typeof body === 'object' && body !== null ? { ...body } : {}
}
