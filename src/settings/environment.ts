// The only place that reads process.env. Everyone else is given what it needs.

/** Variables by name; an empty variable counts as not given. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A frozen copy of the process's environment. */
export function readEnvironment(): Environment {
  return Object.freeze({ ...process.env })
}

/** The value of a variable that is given and not empty. */
export function variable(env: Environment, name: string): string | undefined {
  return env[name] || undefined
}
