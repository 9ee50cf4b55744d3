// The readable reference at /docs: Scalar, served from this process and nowhere else, so that it works in a
// network without the internet. It must not call out: no fonts, proxies, telemetry or assistants.

import { randomBytes } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { problem } from '../http/problems.ts'
import { contentSecurityPolicy, pageHeaders } from '../security/page-headers.ts'

/** Call after `installOpenApi`, whose document it shows. Adds GET /docs/ and its script. */
export async function referenceRoutes(app: FastifyInstance): Promise<void> {
  // Four megabytes of script as a module: loaded when somebody first looks, by a small application of its own.
  let reference: Promise<FastifyInstance> | undefined
  const show = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    reference ??= openReference()
    const { statusCode, headers, rawPayload } = await (await reference).inject({
      method: 'GET',
      url: request.url,
    })
    if (statusCode === 404) throw problem('not-found')
    return reply.code(statusCode).headers(headers).send(rawPayload)
  }
  app.get('/docs', { config: { access: 'public' } }, show)
  app.get('/docs/*', { config: { access: 'public' } }, show)
  app.addHook('onClose', async () => void (await (await reference)?.close()))
}

async function openReference(): Promise<FastifyInstance> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  // Scalar takes one nonce for its life; it stands for the one of each answer.
  const placeholder = randomBytes(16).toString('base64url')
  const app = Fastify()
  app.addHook('onSend', async (_request, reply, payload) => {
    if (!String(reply.getHeader('content-type')).startsWith('text/html')) return payload
    const nonce = randomBytes(16).toString('base64url')
    reply.headers(pageHeaders(policy(nonce)))
    const html = String(payload).replaceAll(placeholder, nonce)
    // Without an icon of its own, a page makes the browser ask for /favicon.ico.
    return html.replace('</title>', '</title><link rel="icon" href="data:,">')
  })
  await app.register(scalar, {
    routePrefix: '/docs',
    configuration: {
      url: '/openapi.json',
      pageTitle: '通办网关接口 Tongban Gateway API',
      nonce: placeholder,
      withDefaultFonts: false,
      telemetry: false,
      proxyUrl: '',
      showDeveloperTools: 'never',
      hideClientButton: true,
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  })
  await app.ready()
  return app
}

function policy(nonce: string): string {
  return contentSecurityPolicy({
    'script-src': `'nonce-${nonce}'`,
    'style-src': "'self' 'unsafe-inline'",
    'img-src': "'self' data:",
    'font-src': "'self' data:",
    'connect-src': "'self'",
    'worker-src': "'self' blob:",
  })
}
