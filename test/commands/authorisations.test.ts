// tongban authorisations: the matrix of config/halls as a table.

import t from 'tap'
import { place, tongban } from './tongban.ts'

t.test('the matrix is printed, narrowed to a hall, a matter and a day', async (t) => {
  const { env, edit } = await place(t)
  edit(
    'halls/410225.yaml',
    () => `halls:
  - code: 410225-01
    name: { zh: 兰考县政务服务大厅, en: Lankao }
    division: "410225"
    address: 裕禄大道 100 号
    phone: 0371-23588001
    windows:
      - { code: "01", collects: ["*"], from: "2026-01-01", to: "2028-12-31" }
      - code: "02"
        authorisations:
          - { collect: [household-birth], accept: [child-social-card], from: "2026-01-01", to: "2026-12-31" }
`,
  )
  const print = async (...args: string[]) =>
    tongban(['authorisations', '--hall', '410225-01', ...args], { env })
  const all = await print()
  t.equal(all.code, 0)
  t.match(all.output, /^hall +window +right +matter +from +to +department\n/)
  t.match(all.output, /^410225-01 +01 +collect +\* +2026-01-01 +2028-12-31 +全部事项$/m)
  t.match(
    all.output,
    /^410225-01 +02 +accept +child-social-card .*社会保障卡申领 · 开封市人力资源和社会保障局$/m,
  )

  const later = await print('--on', '2027-01-01', '--matter', 'child-social-card')
  t.strictSame(later.output.trim().split('\n').length, 2, 'the head and window 01')
  t.match(await print('--on', '2030-01-01'), { code: 1, output: /no window is authorised/ })
})

t.test('what is misspelt is said, with what is meant', async (t) => {
  const { env } = await place(t)
  for (const [args, said] of [
    [['--hall', '410225-1'], /no hall "410225-1"; did you mean 410225-01\?/],
    [['--matter', 'title-transfers'], /did you mean title-transfer\?/],
    [['--on', '2026-02-30'], /--on must be a day/],
  ] as const) {
    const { code, output } = await tongban(['authorisations', ...args], { env })
    t.equal(code, 1)
    t.match(output, said)
  }
})
