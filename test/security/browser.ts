// A real Chromium for the pages people open, when one is on the PATH. Tells of everything the page complained
// about or asked of another host, so that a test can prove that it did neither.

import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import type { Test } from 'tap'

const names = ['chromium', 'chromium-browser', 'google-chrome']

/** The skip reason for tap; false when there is a browser. */
export const noBrowser: string | false = findBrowser() === undefined ? 'no chromium on PATH' : false

interface BrowserPage {
  page: Page
  /** Console errors and warnings, uncaught errors, and failed or outside requests, as they come. */
  complaints: string[]
}

/** A page in a browser of its own, closed with the test. */
export async function openPage(
  t: Test,
  home: string,
  options: { darkMode?: boolean } = {},
): Promise<BrowserPage> {
  const executablePath = findBrowser()
  if (executablePath === undefined) throw new Error('no chromium on PATH')
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  t.teardown(() => browser.close())
  const context = await browser.newContext({
    colorScheme: options.darkMode ? 'dark' : 'light',
    locale: 'zh-CN',
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (it) => {
    const { pathname } = new URL(it.location().url || home)
    if (it.type() === 'error' || it.type() === 'warning')
      complaints.push(`${it.type()} at ${pathname}: ${it.text()}`)
  })
  page.on('pageerror', (it) => complaints.push(`uncaught: ${it.message}`))
  page.on('request', (it) => {
    if (!it.url().startsWith(home) && !/^(data|blob):/.test(it.url())) complaints.push(`outside: ${it.url()}`)
  })
  return { page, complaints }
}

function findBrowser(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
