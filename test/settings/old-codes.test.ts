// A division that has a new code, or was merged with another: what is configured for it holds for submissions made before.

import t from 'tap'
import { fixedSources, rulesOf } from '../../src/rules.ts'
import { mayActFor } from '../../src/security/clients.ts'
import { submission } from '../domain/life.ts'
import { edited, folder } from './folder.ts'

t.test('callers, subscriptions and postal contracts of a division hold for its old codes', async (t) => {
  const more = 'divisions: ["410204"]\nsubscribes: [{ divisions: ["410204"] }]\nsettings:'
  const { load } = folder(t, edited('systems/health.yaml', 'settings:', more))
  const settings = await load()
  const client = settings.clients[0]!
  t.ok(mayActFor(client, '410204') && mayActFor(client, '410299'))
  t.notOk(mayActFor(client, '410221'))
  t.strictSame(settings.systems.get('health')!.divisions, ['410204', '410299'])

  const rules = rulesOf(settings, fixedSources(settings.catalogue))
  const [now, before] = ['410204', '410299'].map((code) => rules.postal(code, '2026-11-23T01:00:00.000Z'))
  t.match(now, { system: 'post' })
  t.strictSame(before, now)
  const of = (homeDivision: string) => submission({ division: homeDivision, homeDivision }) as never
  t.ok(rules.subscribes('health', 'case.accepted', of('410299'), undefined))
  t.notOk(rules.subscribes('health', 'case.accepted', of('410221'), undefined))
})
