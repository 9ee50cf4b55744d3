// Hundreds of attempts listen for the same few signals: of the process that stops, of the session that was lost. A signal
// looks through its whole list of listeners whenever one comes or goes; here each signal is listened to once.
//
// The list forgets whoever leaves. What a Set has outgrown may lie in the old generation until a full
// collection, and keeps alive what the listeners in it know of their attempts; so do a WeakMap's values.

interface Listener {
  act: () => void
  /** In the list; -1 when it has left. */
  place: number
}

const listening = new WeakMap<AbortSignal, Listener[]>()

/** Calls `act` once when the signal aborts, at once if it has, unless the answer was called before. */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  if (signal.aborted) {
    act()
    return () => undefined
  }
  const list = listeningTo(signal)
  const one: Listener = { act, place: list.length }
  list.push(one)
  return () => leave(list, one)
}

function leave(list: Listener[], one: Listener): void {
  if (one.place === -1) return
  const last = list.pop()!
  if (last !== one) {
    list[one.place] = last
    last.place = one.place
  }
  one.place = -1
}

function listeningTo(signal: AbortSignal): Listener[] {
  const known = listening.get(signal)
  if (known) return known
  const list: Listener[] = []
  listening.set(signal, list)
  signal.addEventListener(
    'abort',
    () => {
      for (const one of [...list]) if (one.place !== -1) one.act()
    },
    { once: true },
  )
  return list
}
