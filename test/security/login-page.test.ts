import t from 'tap'
import { noBrowser, openPage } from './browser.ts'
import { password, startEdge } from './edge.ts'

const options = { skip: noBrowser, timeout: 60_000 }

t.test(
  'an operator logs in and out with the keyboard, in a browser without a complaint',
  options,
  async (t) => {
    const app = await startEdge(t, {
      routes: (it) => {
        it.get('/ops/home', { config: { access: 'operator:viewer' } }, (request, reply) =>
          reply
            .type('text/html')
            .send(`<title>home</title><link rel="icon" href="data:,">${request.operator?.id}`),
        )
      },
    })
    const home = await app.listen({ port: 0, host: '127.0.0.1' })
    const { page, complaints } = await openPage(t, home)

    await page.goto(`${home}/ops/home`)
    t.equal(new URL(page.url()).pathname, '/ops/login')
    await page.keyboard.type('viewer')
    await page.keyboard.press('Tab')
    await page.keyboard.type('wrong')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    t.match(
      await page.getByRole('alert').textContent(),
      /账号或密码不正确.*The account or the password is wrong/s,
    )
    t.match(complaints.splice(0), [/^error at \/ops\/login: .* status of 401/])

    await page.getByLabel('账号').fill('viewer')
    await page.getByLabel('密码').fill(password)
    await page.keyboard.press('Enter')
    await page.waitForURL(`${home}/ops/home`)
    t.equal((await page.textContent('body'))?.trim(), 'viewer')
    t.equal(await page.evaluate('document.cookie'), '', 'scripts cannot read the session')

    await page.goto(`${home}/ops/login`)
    await page.getByRole('button', { name: '退出登录' }).click()
    await page.waitForURL(`${home}/ops/login`)
    await page.getByLabel('密码').waitFor()
    t.same(await page.context().cookies(), [])
    t.same(complaints, [])
  },
)

t.test('the log-in page follows the light or dark scheme', options, async (t) => {
  const app = await startEdge(t)
  const home = await app.listen({ port: 0, host: '127.0.0.1' })
  const background = async (darkMode: boolean) => {
    const { page } = await openPage(t, home, { darkMode })
    await page.goto(`${home}/ops/login`)
    return page.evaluate('getComputedStyle(document.body).backgroundColor')
  }
  t.equal(await background(false), 'rgb(243, 245, 248)')
  t.equal(await background(true), 'rgb(17, 21, 27)')
})
