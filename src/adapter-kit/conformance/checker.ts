// The part of a test runner that conformance needs; tap's `t` is one, the `tongban adapter test` command has its own.

export interface Checker {
  test(name: string, body: (t: Checker) => Promise<void>): Promise<unknown>
  same(found: unknown, wanted: unknown, message: string): unknown
  ok(value: unknown, message: string): unknown
}
