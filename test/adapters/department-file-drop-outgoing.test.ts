// What is dropped for the department, asked over a folder and over Debian's own SFTP server.

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import iconv from 'iconv-lite'
import type { Test } from 'tap'
import { fromBufferPromise } from 'yauzl'
import { givens } from '../../src/adapter-kit/givens.ts'
import { caseId, failed, overBoth, put, type Stage, sha256, submitted } from './department-file-drop-scene.ts'

await overBoth(outgoingRules)

async function outgoingRules(t: Test, stage: Stage): Promise<void> {
  await t.test('a case is dropped with its materials, and the manifest proves every file', async (t) => {
    const { adapter, attempt, files, text } = stage(t)
    const receipt = await adapter.outgoing.submitCase!.send(givens['case-online'], attempt())
    t.match(receipt, { data: { file: `${submitted}.json` } })
    t.notOk(receipt.duplicate)
    t.same(files('out'), [`${submitted}.json`, `${submitted}.json.mf`, `${submitted}_M01-1.pdf`])
    t.match(JSON.parse(text(`out/${submitted}.json`)), { outerNo: caseId, applicant: { name: '张晓𬀩' } })
    const lines = text(`out/${submitted}.json.mf`).trim().split('\n').slice(1)
    t.equal(lines.length, 2)
    for (const line of lines) {
      const [sum, size, name] = line.split('  ')
      t.equal(sum, sha256(Buffer.from(text(`out/${name}`))))
      t.equal(Number(size), Buffer.from(text(`out/${name}`)).length)
    }
  })

  await t.test('a material that was used before tells which case it is from', async (t) => {
    const { adapter, attempt, text } = stage(t)
    const [material] = givens['case-online'].materials
    const sharedFrom = {
      caseId: 'case_01kaqf3m2d0000000000000009',
      matter: 'business-licence',
      decidedAt: '2026-10-23T09:30:00+08:00',
      expiresOn: '2027-10-23',
      trust: 'accepted',
    }
    const materials = [{ ...material!, source: 'shared' as const, sharedFrom }]
    await adapter.outgoing.submitCase!.send({ ...givens['case-online'], materials }, attempt())
    t.match(JSON.parse(text(`out/${submitted}.json`)), { materials: [{ form: 'shared', sharedFrom }] })
  })

  await t.test('the same case again is a duplicate, wherever the department has put it', async (t) => {
    const { adapter, attempt, folder } = stage(t)
    const send = () => adapter.outgoing.submitCase!.send(givens['case-online'], attempt({ number: 2 }))
    const find = () => adapter.outgoing.submitCase!.find!(givens['case-online'], attempt())
    t.equal(await find(), null)
    t.notOk((await send()).duplicate)
    t.match(await send(), { duplicate: true })
    t.match(await find(), { data: { file: `${submitted}.json` } })
    for (const suffix of ['.json', '.json.mf'])
      renameSync(join(folder, `out/${submitted}${suffix}`), join(folder, `done/${submitted}${suffix}`))
    t.match(await send(), { duplicate: true })
    renameSync(join(folder, `done/${submitted}.json`), join(folder, 'gone'))
    renameSync(join(folder, `done/${submitted}.json.mf`), join(folder, 'gone-too'))
    put(folder, `ack/${submitted}.json.ack`, '{"code":"0","message":"ok","projectNo":"SJ1"}')
    t.match(await send(), { duplicate: true, reference: 'SJ1' })
  })

  await t.test('no manifest follows a file that vanished before it got its name', async (t) => {
    const { adapter, attempt, folder, files } = stage(t)
    const shaken = {
      ...attempt(),
      files: {
        ...attempt().files,
        // The drive goes away while the material is written, and is there again for the rest.
        open: async () =>
          Readable.from(
            (async function* () {
              yield Buffer.from('half')
              renameSync(join(folder, 'out'), join(folder, 'away'))
              mkdirSync(join(folder, 'out'))
              yield Buffer.from('the rest')
            })(),
          ),
      },
    }
    const lost = adapter.outgoing.submitCase!.send(givens['case-online'], shaken)
    await t.rejects(lost, failed('unavailable', { sent: false }))
    t.same(files('out'), [])
  })

  await t.test('other content under the same name is refused', async (t) => {
    const { adapter, attempt } = stage(t)
    await adapter.outgoing.submitCase!.send(givens['case-online'], attempt())
    const other = { ...givens['case-online'], form: { shopName: '别的店' } }
    await t.rejects(
      adapter.outgoing.submitCase!.send(other, attempt()),
      failed('rejected', { code: 'other-content' }),
    )
  })

  await t.test('a set cut short before its manifest is made whole by the next try', async (t) => {
    const { adapter, attempt, folder, files, text } = stage(t)
    put(folder, `out/${submitted}.json.tmp`, 'half a docu')
    put(folder, `out/${submitted}_M01-1.pdf`, 'half a plan')
    t.equal(await adapter.outgoing.submitCase!.find!(givens['case-online'], attempt()), null)
    await adapter.outgoing.submitCase!.send(givens['case-online'], attempt())
    t.same(files('out'), [`${submitted}.json`, `${submitted}.json.mf`, `${submitted}_M01-1.pdf`])
    t.match(text(`out/${submitted}_M01-1.pdf`), '开封市餐饮店平面图')
  })

  await t.test(
    'of a large set only what is missing travels again, and nothing of other content stays',
    async (t) => {
      const { adapter, attempt, files, folder } = stage(t)
      const large = (letter: string) => Buffer.alloc(700_000, letter)
      const opened: string[] = []
      const drop = (letters: string, breaksAt = '') => {
        const bytes = new Map([...letters].map((letter) => [sha256(large(letter)), large(letter)]))
        const [material] = givens['case-online'].materials
        const carried = [...bytes.keys()].map((sum) => ({
          ...material!.files[0]!,
          sha256: sum,
          size: 700_000,
        }))
        const open = async (sum: string) => {
          opened.push(bytes.get(sum)!.toString('utf8', 0, 1))
          if (opened.at(-1) === breaksAt) throw new Error('cut')
          return Readable.from([bytes.get(sum)!])
        }
        const content = { ...givens['case-online'], materials: [{ ...material!, files: carried }] }
        const lent = { ...attempt(), files: { ...attempt().files, open } }
        return adapter.outgoing.submitCase!.send(content, lent)
      }
      await t.rejects(drop('abc', 'c'), /cut/)
      await t.rejects(drop('abc', 'c'), /cut/)
      t.equal(opened.splice(0).join(''), 'abcc', 'the first two lie there whole')
      await t.rejects(drop('xyz', 'z'), /cut/)
      await drop('xyz')
      t.equal(opened.splice(0).join(''), 'xyzz', 'parts of the same size are not the same')
      t.match(files('out'), [/json$/, /json.mf$/, /1.pdf$/, /2.pdf$/, /3.pdf$/])
      for (const [n, letter] of [...'xyz'].entries())
        t.ok(readFileSync(join(folder, `out/${submitted}_M01-${n + 1}.pdf`)).equals(large(letter)))
    },
  )

  await t.test('supplements and withdrawals are dropped and found under names of their own', async (t) => {
    const { adapter, attempt, files } = stage(t, { materials: 'none' })
    await adapter.outgoing.supplementCase!.send(givens.supplement, attempt())
    await adapter.outgoing.withdrawCase!.send(givens.withdrawal, attempt())
    t.match(await adapter.outgoing.supplementCase!.send(givens.supplement, attempt()), { duplicate: true })
    t.ok(await adapter.outgoing.withdrawCase!.find!(givens.withdrawal, attempt()))
    t.same(
      files('out').filter((name) => !name.endsWith('.mf')),
      [`410221_BZ_${caseId}_1.json`, `410221_CH_${caseId}.json`],
    )
  })

  await t.test('an archive holds the document, the materials and a manifest', async (t) => {
    const { adapter, attempt, folder, files, text } = stage(t, {
      packaging: 'zip',
      format: 'xml',
      charset: 'gb18030',
    })
    await adapter.outgoing.submitCase!.send(givens['case-online'], attempt())
    t.same(files('out'), [`${submitted}.zip`, `${submitted}.zip.mf`])
    const archive = readFileSync(join(folder, `out/${submitted}.zip`))
    t.match(text(`out/${submitted}.zip.mf`), `${sha256(archive)}  ${archive.length}  ${submitted}.zip`)
    const entries = new Map<string, Buffer>()
    const zip = await fromBufferPromise(archive)
    for await (const entry of zip.eachEntry()) {
      const pieces: Buffer[] = []
      for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece as Buffer)
      entries.set(entry.fileName, Buffer.concat(pieces))
    }
    t.same([...entries.keys()].sort(), ['data.xml', 'manifest.mf', 'materials/M01-1.pdf'])
    const xml = iconv.decode(entries.get('data.xml')!, 'gb18030')
    t.match(xml, /^<\?xml version="1.0" encoding="GB18030"\?>/)
    t.match(xml, '张晓𬀩')
    t.match(await adapter.outgoing.submitCase!.send(givens['case-online'], attempt()), { duplicate: true })
    const list = entries.get('manifest.mf')!.toString()
    t.match(list, `${sha256(entries.get('data.xml')!)}  ${entries.get('data.xml')!.length}  data.xml`)
  })

  await t.test('an archive and the list in it carry SM3 where that is asked', async (t) => {
    const { adapter, attempt, folder, text } = stage(t, { packaging: 'zip', checksum: 'sm3' })
    const sm3 = (bytes: Buffer) => createHash('sm3').update(bytes).digest('hex')
    await adapter.outgoing.submitCase!.send(givens['case-online'], attempt())
    const archive = readFileSync(join(folder, `out/${submitted}.zip`))
    t.match(text(`out/${submitted}.zip.mf`), `${sm3(archive)}  ${archive.length}  ${submitted}.zip`)
    const lines = await adapter.preview!('submitCase', givens['case-online'], attempt())
    t.match(lines.join('\n'), /materials\/M01-1\.pdf 37 bytes sm3 [0-9a-f]{64}/)
  })

  await t.test('with `until: acknowledged` the department’s word is waited for', async (t) => {
    const { adapter, attempt, folder } = stage(t, { until: 'acknowledged' })
    const send = () => adapter.outgoing.submitCase!.send(givens['case-online'], attempt())
    await t.rejects(send(), failed('unavailable'))
    await t.rejects(
      adapter.outgoing.submitCase!.find!(givens['case-online'], attempt()),
      failed('unavailable'),
    )
    put(folder, `ack/${submitted}.json.ack`, '{"code":"0","projectNo":"SJ7"}')
    t.match(await send(), { reference: 'SJ7' })
    put(folder, `ack/${submitted}.json.ack`, '{"code":"2001","message":"410204198503071521 张晓𬀩 有误"}')
    const refused = await send().catch((error: unknown) => error as Error)
    t.match(refused, failed('rejected', { code: '2001' }))
    t.notMatch(String((refused as Error).message), /410204198503071521|张晓/)
    put(folder, `ack/${submitted}.json.ack`, '{"code":"77"}')
    await t.rejects(send(), failed('unrecognised', { code: '77' }))
  })

  await t.test(
    'a refusal that was told to a process that died is told again, and no receipt is given',
    async (t) => {
      const { adapter, attempt, folder, files } = stage(t)
      const { send, find } = adapter.outgoing.submitCase!
      await send(givens['case-online'], attempt())
      put(folder, `ack/${submitted}.json.ack`, '{"code":"2001","message":"有误"}')
      const look = (number: number) => find!(givens['case-online'], attempt({ number }))
      for (let processes = 0; processes < 3; processes++)
        await t.rejects(look(2), failed('rejected', { code: '2001' }))
      t.same(files('ack'), [])
      for (const name of files('out')) renameSync(join(folder, `out/${name}`), join(folder, `reject/${name}`))
      await t.rejects(look(2), failed('rejected', { code: '2001' }), 'wherever the set lies')
      t.equal(await look(3), null, 'once it is recorded it is past')
      t.notOk(
        (await send(givens['case-online'], attempt({ number: 3 }))).duplicate,
        'and may be dropped anew',
      )
    },
  )

  await t.test('a stopped attempt ends, and nothing of it is whole', async (t) => {
    const { adapter, attempt, files } = stage(t)
    const signal = AbortSignal.abort()
    await t.rejects(
      adapter.outgoing.submitCase!.send(givens['case-online'], attempt({ signal })),
      failed('unavailable', { sent: false }),
    )
    t.same(files('out'), [])
  })

  await t.test(
    'a directory that is not there makes the system unavailable, and nothing is sent',
    async (t) => {
      const { adapter, attempt } = stage(t, { directories: { out: 'elsewhere' } })
      await t.rejects(
        adapter.outgoing.submitCase!.send(givens['case-online'], attempt()),
        failed('unavailable', { sent: false }),
      )
    },
  )
}
