// How a law is stated: by its name, and by what was seen instead where it did not hold.

/** A law that did not hold. */
export class Broken extends Error {
  readonly law: string
  constructor(law: string, what: string, cause?: unknown) {
    super(`${law}: ${what}`, { cause })
    this.law = law
  }
}

export function law(holds: boolean, name: string, what: () => string): void {
  if (!holds) throw new Broken(name, what())
}
