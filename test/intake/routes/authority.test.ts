// 充分授权 from door to door: a window's submission is taken or refused by what it is authorised for that day, and the
// department learns that the window may accept its matter.

import t from 'tap'
import { sandboxSecrets } from '../../../src/sandbox/secrets.ts'
import { platformAt, RESIDENT } from '../../support/platform.ts'
import { runGateway } from '../../support/running.ts'

const windows = `    windows:
      - code: "01"
        authorisations:
          - { collect: [disability-card], accept: [disability-assessment], from: "2020-01-01", to: "2099-12-31" }
      - code: "02"
        authorisations:
          - { collect: [disability-card], accept: [disability-assessment], from: "2020-01-01", to: "2020-12-31" }
      - { code: "03", collects: [disability-card], from: "2020-01-01", to: "2099-12-31" }
`

const running = await runGateway(t, {
  edit: { 'halls/410204.yaml': (text) => text.replace(/ {4}windows:[\s\S]*/, windows) },
})
const platform = platformAt(running.url)
const [pdf, jpeg] = [await platform.upload('application/pdf'), await platform.upload('image/jpeg')]

function submission(window: string) {
  return {
    externalId: `AUTHORITY-${window}`,
    theme: 'disability-services',
    mode: 'agent',
    division: '410204',
    homeDivision: '410221',
    agent: { hall: '410204-01', window, clerk: '王晓明' },
    applicant: { type: 'person', name: '张三', idType: '111', idNumber: RESIDENT, mobile: '13800138000' },
    form: { disabilityKind: '肢体残疾' },
    materials: [
      ...['id-card', 'diagnosis', 'household-register', 'disability-application'].map((code) => ({
        code,
        source: 'upload',
        materialId: pdf,
      })),
      { code: 'portrait', source: 'upload', materialId: jpeg },
    ],
  }
}

t.test('the department is told that the window may accept its matter', async (t) => {
  const answer = await platform.submit(submission('01'))
  t.equal(answer.status, 202, String(answer.body))
  const inbox = await platform.get('/v1/systems/health/inbox?wait=10', { token: sandboxSecrets.healthToken })
  t.equal(inbox.status, 200, String(inbox.body))
  const [item] = inbox.json().items
  t.strictSame(item.content.agent, {
    hall: '410204-01',
    window: '01',
    clerk: '王晓明',
    mayAccept: true,
  })
})

t.test('a window without authority is refused, matter by matter, and nothing is kept', async (t) => {
  const before = await running.kept()
  const over = await platform.submit(submission('02'))
  t.equal(over.status, 422)
  t.match(over.json().errors, [
    {
      pointer: '/agent/window',
      code: 'window-not-in-force',
      message:
        /^Window 02 of hall 410204-01 .* disability-assessment from 2020-01-01 to 2020-12-31, not on 20/,
      messageZh: /^大厅 410204-01 的 02 号窗口收取事项 disability-assessment /,
    },
    { code: 'window-not-in-force', message: /disability-card/ },
  ])
  const never = await platform.submit(submission('03'))
  t.match(never.json().errors, [{ code: 'window-not-authorised', message: /disability-assessment/ }])
  t.equal(never.json().errors.length, 1)
  t.strictSame(await running.kept(), before)
})

t.test('the checklist names only windows that may take it, and the matrix says why', async (t) => {
  const checklist = await platform.get('/v1/themes/disability-services/checklist?home=410221&mode=agent')
  const places = checklist.json().places as { code: string; windows: string[] }[]
  t.strictSame(places.find(({ code }) => code === '410204-01')?.windows, ['01'])
  const matrix = await platform.get('/v1/halls/410204-01/authorisations?on=2020-06-01')
  t.match(matrix.json().windows, [
    { window: '01', authorisations: [{ right: 'collect' }, { right: 'accept' }] },
    { window: '02', authorisations: [{ matter: 'disability-card' }, { matter: 'disability-assessment' }] },
    { window: '03', authorisations: [{ department: { zh: '开封市残疾人联合会' } }] },
  ])
})

t.test('a window that nothing goes through is no evidence: the submission is refused', async (t) => {
  const before = await running.kept()
  const verified = [{ material: 'id-card', at: '2026-11-20T10:00:00+08:00' }]
  const answer = await platform.submit({
    ...submission('99'),
    mode: 'online',
    agent: { hall: 'nowhere', window: '99', clerk: 'x', verified },
  })
  t.equal(answer.status, 422, String(answer.body))
  t.match(answer.json().errors, [
    { pointer: '/agent', code: 'agent-unexpected', message: /leave agent out/, messageZh: /请勿填写/ },
  ])
  t.strictSame(await running.kept(), before)
})
