// Settings that only the adapter can judge: wherever they are found, the file, the line, the reason and an
// example are told.

import t from 'tap'
import { houseBureau, smallCity } from './system-city.ts'

t.setTimeout(180_000)

const ADDRESS = 'http://127.0.0.1:9'

/** @param wrong lines below `settings` */
const city = (t: Parameters<typeof smallCity>[0], wrong: string) => smallCity(t, houseBureau(ADDRESS, wrong))

const lineOf = (yaml: string, text: string): number =>
  yaml.split('\n').findIndex((line) => line.includes(text)) + 1

const notJsonata = `  answer:
    code: "data.("
`

t.test('start, doctor, check and try tell file, line, column, reason and example', async (t) => {
  const small = city(t, notJsonata)
  const line = lineOf(houseBureau(ADDRESS, notJsonata), 'data.(')
  const place = new RegExp(`systems/bureau\\.yaml:${line}:11 /settings/answer/code\\n`)
  for (const args of [
    ['start'],
    ['doctor'],
    ['system', 'check', 'bureau'],
    ['system', 'try', 'bureau', '--sample', 'case-online'],
  ]) {
    const { code, output } = await small.run(args)
    t.equal(code, 1, args.join(' '))
    t.match(output, place, args.join(' '))
    t.match(output, /answer\.code: JSONata 有误 \(not JSONata, S0\d+ at \d+\).*e\.g\./, args.join(' '))
  }
})

t.test('a setting that is missing is told at the one that lacks it', async (t) => {
  const wrong = 'scheme: oauth2'
  const yaml = `
title: { zh: 园林局, en: Parks Bureau }
adapter: department-rest
settings:
  preset: house
  baseUrl: ${ADDRESS}
  signing:
    ${wrong}
    key: city
    secret: { env: BUREAU_SECRET }
`
  const { code, output } = await smallCity(t, yaml).run(['doctor'])
  t.equal(code, 1)
  t.match(
    output,
    new RegExp(`systems/bureau\\.yaml:${lineOf(yaml, 'signing:')}:\\d+ /settings/signing/tokenUrl\\n`),
  )
  t.match(output, /signing\.tokenUrl: 缺失 \(is missing\).*https:\/\/department\.example\/oauth2\/token/)
  t.match(output, /BAD {2}system bureau/)
})
