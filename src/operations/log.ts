// The gateway's log: JSON lines, one wide line per unit of work (`submission.received`, `transfer.attempted`).
// It must never carry a secret; names and numbers of applicants do not belong in a line at all.

import { type FastifyInstance, type FastifyServerOptions, LogController } from 'fastify'
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'
import type { Settings } from '../settings/settings.ts'

/** Where a secret could sit in what we log, at the top or one level down. */
const secretFields = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  'password',
  'passwordHash',
  'token',
  'secret',
]
const redacted = secretFields.flatMap((it) => (it.startsWith('[') ? [it, `*${it}`] : [it, `*.${it}`]))
const nested = ['req', 'request', 'res', 'response'].flatMap((it) =>
  ['authorization', 'cookie', '["set-cookie"]'].map((header) =>
    header.startsWith('[') ? `${it}.headers${header}` : `${it}.headers.${header}`,
  ),
)
/** What PostgreSQL says beside its message may quote a whole row, with names and numbers of applicants. */
const quoted = ['err', 'err.*', 'err.aggregateErrors[*]'].flatMap((it) => [`${it}.detail`, `${it}.where`])

/** `destination` defaults to standard output. Times are ISO 8601 in UTC, levels are words. */
export function createLogger(settings: Pick<Settings, 'logLevel'>, destination?: DestinationStream): Logger {
  const options = {
    level: settings.logLevel,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: [...redacted, ...nested, ...quoted], censor: '[redacted]' },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

/** Spread into `Fastify({...})`: our logger, and none of Fastify's two lines a request. */
export function fastifyLogging(
  logger: Logger,
): Pick<FastifyServerOptions, 'loggerInstance' | 'logController' | 'childLoggerFactory'> {
  return {
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    // No child for every request: lines name what they are about, and making one costs more than routing.
    childLoggerFactory: (parent) => parent,
  }
}

/**
 * One `request.completed` line a request, at debug level: method, route (its template, never the address asked
 * for, which may hold personal data), status, ms, client, operator. Costs nothing at other levels.
 */
export function logRequests(app: FastifyInstance): void {
  if (app.log.level !== 'debug' && app.log.level !== 'trace') return
  app.addHook('onResponse', (request, reply, done) => {
    request.log.debug(
      {
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        client: request.client?.id,
        operator: request.operator?.id,
      },
      'request.completed',
    )
    done()
  })
}
