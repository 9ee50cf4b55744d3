// What a window of a hall may do with a matter for the department that decides it, and when (充分授权). Pure: the
// day comes in as an argument, `yyyy-MM-dd` in China's time. Who is refused for want of it is intake's business.

/** collect 收件: take it in and hand it on. accept 受理: collect it, and accept it in the department's name. */
export type Right = 'collect' | 'accept'
export const rights: readonly Right[] = ['collect', 'accept']

export interface Authorisation {
  right: Right
  /** Codes; '*' stands for every matter. */
  matters: readonly string[]
  /** First and last day. */
  from: string
  to: string
}

export interface Window {
  code: string
  authorisations: readonly Authorisation[]
}

/** True when the window is authorised on that day; the right to accept is one to collect as well. */
export function mayCollect(window: Window, matter: string, day: string): boolean {
  return window.authorisations.some((one) => covers(one, matter) && inForce(one, day))
}

/** True when the window may accept the matter in the department's name on that day. */
export function mayAccept(window: Window, matter: string, day: string): boolean {
  return window.authorisations.some(
    (one) => one.right === 'accept' && covers(one, matter) && inForce(one, day),
  )
}

export function covers({ matters }: Authorisation, matter: string): boolean {
  return matters.includes('*') || matters.includes(matter)
}

export function inForce({ from, to }: { from: string; to: string }, day: string): boolean {
  return from <= day && day <= to
}
