// Settings are read once and never change: this makes sure of it. Buffers cannot be frozen and are left alone.

/** The same value, frozen all the way down; maps refuse to change as well. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (ArrayBuffer.isView(value)) return value
  if (value instanceof Map) {
    for (const inner of value.values()) deepFreeze(inner)
    for (const method of ['set', 'delete', 'clear']) Object.defineProperty(value, method, { value: refuse })
    return Object.freeze(value)
  }
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}

function refuse(): never {
  throw new TypeError('Settings do not change while the gateway runs')
}
