// The headers of every page a person opens: what it may load, and that nobody may frame or sniff it.
// No policy here may allow a script that is not a file of ours or carries no nonce.

/** A Content-Security-Policy (level 3) from the directives that differ; everything else is refused. */
export function contentSecurityPolicy(allowed: Record<string, string>): string {
  const directives = {
    'default-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
    ...allowed,
  }
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ')
}

/** `same-origin`, not `no-referrer`: with the latter browsers send `Origin: null` with our own forms. */
export function pageHeaders(policy: string): Record<string, string> {
  return {
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  }
}
