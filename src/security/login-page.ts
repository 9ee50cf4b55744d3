// The log-in page as text: pure, no script, one style sheet that the policy admits by its hash.
// Everything from outside is escaped here.

import { hash } from 'node:crypto'
import { contentSecurityPolicy } from './page-headers.ts'
import type { OperatorIdentity } from './sessions.ts'

const style = `
:root { color-scheme: light dark; --ink: #1c2430; --paper: #f3f5f8; --card: #fff; --line: #c4ccd8; --accent: #1554ad; --on: #fff; --bad: #a8071a }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --paper: #11151b; --card: #1a2029; --line: #445062; --accent: #7db3ff; --on: #0d1117; --bad: #ff9c9c } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif }
main { width: min(92vw, 24rem); padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem }
h1 { margin: 0; font-size: 1.4rem }
p { margin: .25rem 0 1rem }
small { opacity: .8 }
label { display: block; margin-top: 1rem }
input { width: 100%; margin-top: .25rem; padding: .6rem .7rem; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .4rem }
button { width: 100%; margin-top: 1.5rem; padding: .7rem; font: inherit; font-weight: 600; color: var(--on); background: var(--accent); border: 0; border-radius: .4rem; cursor: pointer }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
[role=alert] { margin-top: 1rem; padding: .5rem .7rem; color: var(--bad); border-left: 4px solid }
a { color: var(--accent) }
`

export const loginPagePolicy = contentSecurityPolicy({
  'style-src': `'sha256-${hash('sha256', style, 'base64')}'`,
  'img-src': 'data:',
})

/** Why a log-in was refused, in both languages. Says the same for a wrong name and a wrong password. */
export const loginMessages = {
  wrong: { zh: '账号或密码不正确。', en: 'The account or the password is wrong.' },
  wait: { zh: '尝试次数过多，请稍后再试。', en: 'Too many attempts. Try again later.' },
  busy: { zh: '登录请求繁忙，请稍后再试。', en: 'Too many people are logging in. Try again in a moment.' },
} as const

interface LoginPage {
  /** Where to go afterwards: a path of ours. */
  next: string
  message?: keyof typeof loginMessages
}

export function loginPage({ next, message }: LoginPage): string {
  const { zh, en } = message === undefined ? { zh: '', en: '' } : loginMessages[message]
  const alert = message === undefined ? '' : `<div role="alert">${zh}<br><small lang="en">${en}</small></div>`
  return page(`${alert}
<form method="post" action="/ops/login">
<input type="hidden" name="next" value="${escapeHtml(next)}">
<label>账号 <small lang="en">Account</small>
<input name="account" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="64" required autofocus></label>
<label>密码 <small lang="en">Password</small>
<input name="password" type="password" autocomplete="current-password" maxlength="1024" required></label>
<button>登录 <span lang="en">Log in</span></button>
</form>`)
}

/** What `/ops/login` shows to someone who is logged in: who, onward, and out. */
export function accountPage(operator: OperatorIdentity, home: string): string {
  return page(`<p>${escapeHtml(operator.name)} (${escapeHtml(operator.id)}, ${operator.role})</p>
<p><a href="${escapeHtml(home)}">进入队列视图 <span lang="en">Open the queue view</span></a></p>
<form method="post" action="/ops/logout"><button>退出登录 <span lang="en">Log out</span></button></form>`)
}

function page(content: string): string {
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>通办网关 · 登录 Tongban Gateway</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>通办网关</h1>
<p><small lang="en">Tongban Gateway</small></p>
${content}
</main>
</body>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (it) => `&#${it.charCodeAt(0)};`)
}
