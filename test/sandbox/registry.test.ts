// The simulated registry, called by the real adapter over HTTP: two readings of one paper must agree.

import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import { createCertificateRegistry } from '../../adapters/certificate-registry/adapter.ts'
import type { RegistrySettings } from '../../adapters/certificate-registry/settings.ts'
import { settingsSchema } from '../../adapters/certificate-registry/settings-schema.ts'
import type { Attempt, AttemptFiles, CertificateContent } from '../../src/adapter-kit/contract.ts'
import { GIVEN_NOW, givens } from '../../src/adapter-kit/givens.ts'
import type { CityContext } from '../../src/sandbox/actor.ts'
import { ofdOf, temporaryLinks } from '../../src/sandbox/registry/copies.ts'
import { createRegistry, type RegistryOptions } from '../../src/sandbox/registry/index.ts'
import { recordOf, type Standing } from '../../src/sandbox/registry/records.ts'
import { failureOf } from '../support/failure.ts'
import { clientOf, served } from './served.ts'

const question = givens.certificate
const holderCode = question.holder.idNumber

const quietCity: CityContext = {
  random: () => 0.5,
  gatewayUrl: 'http://gateway.example',
  speed: 1,
  later: () => {},
  push: async () => ({ status: 200, body: '' }),
}

t.test('a good certificate comes with its evidence and a copy that says what it is for', async (t) => {
  const registry = await openRegistry(t, standing('valid'))
  const receipt = await registry.obtain()
  t.match(
    receipt.reference,
    /^1\.2\.156\.3005\.2\.11100000000013338W011\.11410200005310123X\.[0-9A-F]{16}\.001\.[0-9A-Z]$/,
  )
  t.match(receipt.data, {
    result: 'valid',
    verifyingCode: '0',
    purpose: question.purpose,
    identifier: receipt.reference,
  })
  t.match(receipt.files, [{ mediaType: 'application/ofd', size: registry.stored[0]?.length }])
  t.ok(registry.stored[0]?.includes(`加注：仅用于${question.purpose}`))
  t.match(registry.actor.books(), {
    effects: [],
    counts: { queryCertInfoByHolderCode: 1, verifyCertInfo: 1, copies: 1 },
  })
})

t.test('asked again, it is the same certificate', async (t) => {
  const registry = await openRegistry(t, standing('valid'))
  const [first, second] = [await registry.obtain(), await registry.obtain()]
  t.same(second.files, first.files)
  t.equal(second.reference, first.reference)
})

for (const [name, code] of [
  ['not-found', 'certificate-not-found'],
  ['expired', 'certificate-expired'],
  ['suspended', 'certificate-suspended'],
  ['revoked', 'certificate-revoked'],
] as const) {
  t.test(`a certificate that is ${name} is refused as ${code}`, async (t) => {
    const registry = await openRegistry(t, standing(name))
    t.match(await failureOf(registry.obtain()), { kind: 'rejected', code })
  })
}

t.test('a stranger is not answered', async (t) => {
  const registry = await openRegistry(t, { accessToken: 'another' })
  t.match(await failureOf(registry.obtain()), { kind: 'unauthorised' })
  t.match(await registry.check(), { ok: false })
})

t.test('the connection check needs no holder', async (t) => {
  const registry = await openRegistry(t, {})
  t.match(await registry.check(), { ok: true })
})

t.test('about 92 in 100 holders have a good certificate, the same ones in every run', async (t) => {
  const standings = Array.from({ length: 2_000 }, (_, i) => standingOf(`41020419900101${i}`))
  const good = standings.filter((one) => one === 'valid').length / standings.length
  t.ok(good > 0.9 && good < 0.94, `${good}`)
  t.same(new Set(standings), new Set(['valid', 'not-found', 'expired', 'suspended', 'revoked']))
  t.equal(standingOf('410204199001010'), standings[0])
})

for (const by of ['link', 'holder-links'] as const) {
  t.test(`a plain copy comes by temporary link (${by})`, async (t) => {
    const registry = await openRegistry(t, standing('valid'), { copy: { by } })
    t.match((await registry.obtain()).files, [{ mediaType: 'application/ofd' }])
    t.notOk(registry.stored[0]?.includes('加注'))
    t.match(registry.actor.books(), { counts: { links: 1 } })
  })
}

t.test('a temporary link lapses after 600 s', async (t) => {
  let now = 0
  const links = temporaryLinks(1, () => now)
  const id = links.make(recordOf(asked(holderCode), new Map(), 'registry', GIVEN_NOW))
  now = 599_999
  t.ok(links.follow(id))
  now = 600_000
  t.notOk(links.follow(id))
})

t.test('a lapsed link is unavailable: a new one is asked for', async (t) => {
  const lapsing = await openRegistry(t, standing('valid'), { copy: { by: 'link' } }, Number.POSITIVE_INFINITY)
  t.match(await failureOf(lapsing.obtain()), { kind: 'unavailable', code: 'link-lapsed', status: 404 })
})

t.test('the code by which a holder allowed the use is good for one copy', async (t) => {
  const registry = await openRegistry(t, {
    ...standing('valid'),
    authorisations: new Map([[holderCode, ['SQ-1']]]),
  })
  const allowed = { ...question, grant: { type: 'authorization', authCode: 'SQ-1' } } as const
  t.match(await registry.obtain(allowed), { files: [{ mediaType: 'application/ofd' }] })
  t.match(await failureOf(registry.obtain(allowed)), { code: 'certificate-not-permitted' })
  const without = { ...question, grant: { type: 'authorization' } } as const
  t.match(await failureOf(registry.obtain(without)), { code: 'certificate-not-authorised', sent: false })
})

t.test('a window searches, compares by identifier and by QR code, and fetches a copy', async (t) => {
  const { questions, attempt } = await openRegistry(t, standing('valid'))
  const [found] = await questions.searchCertificates!(question, attempt)
  t.match(found, { type: question.certificateType, holder: question.holder.name, status: 'valid' })
  const { identifier } = found!
  const { purpose } = question
  t.match(await questions.verifyCertificate!({ identifier, purpose }, attempt), {
    identifier,
    status: 'valid',
  })
  const qrcode = `https://zzgx.example.gov.cn/q?c=${identifier}`
  t.match(await questions.verifyCertificateCode!({ qrcode, purpose }, attempt), {
    identifier,
    status: 'valid',
  })
  for (const format of ['ofd', 'png'] as const) {
    const file = await questions.downloadCertificate!({ identifier, purpose, format }, attempt)
    t.match(file, { fileName: `${identifier}.${format}` })
  }
  const pdf = questions.downloadCertificate!({ identifier, purpose, format: 'pdf' }, attempt)
  t.match(await failureOf(pdf), { kind: 'rejected', code: 'format-not-offered' })
})

for (const [name, status] of [
  ['not-found', 'not-found'],
  ['expired', 'expired'],
  ['revoked', 'revoked'],
  ['suspended', 'suspended'],
] as const) {
  t.test(`asked about a certificate that is ${name}, the registry says so and nothing fails`, async (t) => {
    const { questions, attempt } = await openRegistry(t, standing(name))
    const { purpose, certificateType } = question
    await questions.searchCertificates!(question, attempt).catch(() => [])
    const identifier = recordOf(
      { holderCode, holderTypeCode: '001', certTypeCode: certificateType },
      new Map(),
      'registry',
      new Date(),
    ).identifier
    t.match(await questions.verifyCertificate!({ identifier, purpose }, attempt), { status })
  })
}

t.test('a copy that somebody brought is genuine only as it was issued', async (t) => {
  const registry = await openRegistry(t, standing('valid'))
  const { questions, attempt, stored } = registry
  const { files } = await registry.obtain()
  const asking = { file: files![0]!, certificateType: question.certificateType, purpose: question.purpose }
  t.same(await questions.verifyCertificateFile!(asking, attempt), { status: 'valid' })
  stored[0] = ofdOf(recordOf(asked('another'), new Map(), 'registry', GIVEN_NOW))
  t.same(await questions.verifyCertificateFile!(asking, attempt), { status: 'not-found' })
  stored[0] = Buffer.from('no copy at all')
  t.match(await failureOf(questions.verifyCertificateFile!(asking, attempt)), { code: 'not-a-copy' })
})

t.test('a certificate revoked after it was obtained is refused when asked about again', async (t) => {
  const registry = await openRegistry(t, standing('valid'))
  const { reference = '' } = await registry.obtain()
  const { verifyCertificate } = registry.outgoing
  const again = () => verifyCertificate!.send({ ...question, identifier: reference }, registry.attempt)
  t.match((await again()).data, { result: 'valid', verifyingCode: '0', identifier: reference })
  const decided = { holderCode, certTypeCode: question.certificateType, standing: 'revoked' }
  await fetch(`${registry.baseUrl}/desk/standings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(decided),
  })
  t.match(await failureOf(again()), { kind: 'rejected', code: 'certificate-revoked' })
})

t.test('an issued result is registered once, found afterwards, and verified like any other', async (t) => {
  const registry = await openRegistry(t, {}, { register: {} })
  const { attempt, questions } = registry
  const { registerCertificate } = registry.outgoing
  const content = givens['certificate-registration']
  t.equal(await registerCertificate!.find!(content, attempt), null)
  const { reference: identifier = '' } = await registerCertificate!.send(content, attempt)
  t.match(identifier, /^1\.2\.156\.3005\.2\..+\.JY24102040000017\.001\./)
  t.same(await registerCertificate!.send(content, attempt), { reference: identifier, duplicate: true })
  t.same(await registerCertificate!.find!(content, attempt), { reference: identifier })
  t.match(await questions.verifyCertificate!({ identifier, purpose: '核验' }, attempt), {
    status: 'valid',
    number: content.number,
    holder: content.holder.name,
  })
  t.match(registry.actor.books().effects, [{ kind: 'certificate', key: identifier, times: 1 }])
  const other = { ...content, issuedOn: '2026-11-24' }
  t.match(await failureOf(registerCertificate!.send(other, attempt)), { kind: 'rejected', code: '102' })
  t.match(await failureOf(registerCertificate!.send({ ...content, identifier: '1.2' }, attempt)), {
    code: 'identifier-wrong',
    sent: false,
  })
})

t.test('a registry of which nobody said how is not given anything', async (t) => {
  t.equal((await openRegistry(t, {})).outgoing.registerCertificate, undefined)
})

const asked = (code: string) => ({
  holderCode: code,
  holderTypeCode: '111',
  certTypeCode: '11100000000013338W011',
})

function standingOf(code: string): Standing {
  return recordOf(asked(code), new Map(), 'registry', GIVEN_NOW).standing
}

function standing(one: Standing): Partial<RegistryOptions> {
  return { holders: new Map([[holderCode, { name: question.holder.name, standing: { '*': one } }]]) }
}

async function openRegistry(
  t: Test,
  options: Partial<RegistryOptions>,
  settings: Partial<RegistrySettings> = {},
  speed = 1,
) {
  const actor = createRegistry({ ...quietCity, speed }, { accessToken: 'sample-access-token', ...options })
  const { baseUrl } = await served(t, actor)
  const client = clientOf(t, settingsSchema, { baseUrl })
  const stored: Buffer[] = []
  const signal = new AbortController().signal
  const http = client.forAttempt(signal)
  const attempt: Attempt = {
    signal,
    http,
    key: 'trf_1',
    number: 1,
    now: () => new Date(),
    files: keeping(stored),
  }
  const adapter = createCertificateRegistry({
    baseUrl,
    accessId: 'tongban',
    accessToken: 'sample-access-token',
    ...settings,
  })
  const { obtainCertificate } = adapter.outgoing
  if (!obtainCertificate) throw new Error('the adapter lacks its operation')
  return {
    actor,
    stored,
    baseUrl,
    questions: adapter.questions!,
    outgoing: adapter.outgoing,
    attempt,
    obtain: (content: CertificateContent = question) => obtainCertificate.send(content, attempt),
    check: () => adapter.check?.(attempt),
  }
}

function keeping(stored: Buffer[]): AttemptFiles {
  return {
    open: async () => Readable.from([stored[0] ?? Buffer.alloc(0)]),
    link: () => '',
    async store(bytes, { fileName, mediaType }) {
      if (!Buffer.isBuffer(bytes)) throw new Error('a copy comes as bytes')
      stored.push(bytes)
      return {
        sha256: createHash('sha256').update(bytes).digest('hex'),
        size: bytes.length,
        mediaType,
        fileName,
      }
    },
  }
}
