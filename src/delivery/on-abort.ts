// Hundreds of attempts listen for the same few signals: of the process that stops, of the session that was lost. A signal
// looks through its whole list of listeners whenever one comes or goes; here each signal is listened to once.

const listening = new WeakMap<AbortSignal, Set<() => void>>()

/** Calls `act` once when the signal aborts, at once if it has, unless the answer was called before. */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  if (signal.aborted) {
    act()
    return () => undefined
  }
  const acts = actsOn(signal)
  // Of its own, so that the same function given twice is called twice.
  const once = (): void => act()
  acts.add(once)
  return () => acts.delete(once)
}

function actsOn(signal: AbortSignal): Set<() => void> {
  const known = listening.get(signal)
  if (known) return known
  const acts = new Set<() => void>()
  listening.set(signal, acts)
  signal.addEventListener('abort', () => acts.forEach(call), { once: true })
  return acts
}

const call = (act: () => void): void => act()
