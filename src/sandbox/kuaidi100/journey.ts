// What Kuaidi100 sees of a parcel, and its callbacks: the whole trail anew each time, until it is acknowledged.
// It carries nothing itself, so it pretends a journey for every waybill.

import { createHash } from 'node:crypto'
import type { CityContext } from '../actor.ts'
import { beijingTime } from '../beijing-time.ts'
import { fraction } from '../random.ts'
import type { Kuaidi100Books, Subscription } from './books.ts'

const contexts: Readonly<Record<string, string>> = {
  '1': '快件已揽收',
  '0': '快件已发往下一站',
  '5': '派件员正在派件',
  '2': '收件人不在，快件派送不成功',
  '3': '快件已签收',
}

const STEP_MS = 1_500
const REFUSED_PAUSE_MS = 2_000
const MOST_REFUSALS = 20
const SECOND_MS = 1_000

/** The trail as both the callback and the query tell it: newest first. */
export function resultOf({ com, num, scans }: Pick<Subscription, 'com' | 'num' | 'scans'>) {
  const state = scans.at(-1)?.state ?? '0'
  return {
    message: 'ok',
    nu: num,
    ischeck: state === '3' ? '1' : '0',
    com,
    status: '200',
    state,
    data: scans.toReversed().map(({ time, context }) => ({ time, ftime: time, context })),
  }
}

export function follow(
  context: CityContext,
  books: Kuaidi100Books,
  about: { actor: string; seed: string; failedFirst: number },
  subscription: Subscription,
): void {
  const fails = fraction(about.seed, subscription.num, 'journey') < about.failedFirst
  walk(['1', '0', '5', ...(fails ? ['2', '5'] : []), '3'], 0)

  function walk([state, ...rest]: readonly string[], step: number): void {
    if (!state) return
    context.later(STEP_MS * (0.4 + fraction(about.seed, subscription.num, 'pace', step)), async () => {
      walk(rest, step + 1)
      subscription.lastMoment = Math.max(Date.now(), subscription.lastMoment + SECOND_MS)
      const time = beijingTime(subscription.lastMoment)
      subscription.scans.push({ time, context: contexts[state] ?? '', state })
      await tell(callbackOf(subscription), 0)
    })
  }

  async function tell(body: string, refusals: number): Promise<void> {
    books.count('pushes')
    const { pathname, search } = new URL(subscription.callbackUrl)
    const answer = await context.push(about.actor, {
      method: 'POST',
      path: pathname + search,
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body,
    })
    if (answer.status === 200 && /"result"\s*:\s*true/.test(answer.body)) return
    books.count('pushesRefused')
    if (refusals < MOST_REFUSALS) context.later(REFUSED_PAUSE_MS, () => tell(body, refusals + 1))
  }
}

function callbackOf(subscription: Subscription): string {
  const lastResult = resultOf(subscription)
  const status = lastResult.state === '3' ? 'shutdown' : 'polling'
  const param = JSON.stringify({ status, billstatus: 'got', message: '', autoCheck: '0', lastResult })
  const sign = createHash('md5')
    .update(param + subscription.salt)
    .digest('hex')
    .toUpperCase()
  return new URLSearchParams({ param, sign }).toString()
}
