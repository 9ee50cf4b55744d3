// Everything that is wrong with a configuration, gathered over all files before anyone is told. Only
// positions and sentences; what is wrong is found elsewhere. No value may appear in a sentence that could be
// a secret.

import { join } from 'node:path'

export interface Position {
  /** From 1. 0 for what has no line: the environment, a missing file. */
  line: number
  column: number
}

export interface ConfigurationProblem extends Position {
  /** Below the configuration folder, with slashes: systems/ems.yaml; or `environment`. */
  file: string
  /** RFC 6901 into the file; the name of the variable for the environment. */
  pointer: string
  /** What is wrong and how to mend it. */
  message: string
  messageZh: string
}

/** Thrown when anything is wrong; `message` is the readable list. */
export class ConfigurationError extends Error {
  readonly problems: readonly ConfigurationProblem[]

  constructor(configDir: string, problems: readonly ConfigurationProblem[]) {
    super(listProblems(configDir, problems))
    this.name = 'ConfigurationError'
    this.problems = problems
  }
}

/** Adds one problem to the list of all. */
export type Report = (problem: ConfigurationProblem) => void

/** A problem of a variable of the environment. */
export function environmentProblem(name: string, message: string, messageZh: string): ConfigurationProblem {
  return { file: 'environment', line: 0, column: 0, pointer: name, message, messageZh }
}

/** By file, then by line. */
export function sortProblems(problems: readonly ConfigurationProblem[]): ConfigurationProblem[] {
  return [...problems].sort(
    (a, b) =>
      compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.pointer, b.pointer),
  )
}

function listProblems(configDir: string, problems: readonly ConfigurationProblem[]): string {
  const count = problems.length
  const head = `${count === 1 ? '1 problem' : `${count} problems`} in the configuration · 配置有 ${count} 处错误`
  return [head, ...problems.map((problem) => describeProblem(configDir, problem))].join('\n')
}

/** Its file with line and column, and the field. */
export function placeOf(configDir: string, problem: ConfigurationProblem): string {
  const where = problem.line
    ? `${join(configDir, problem.file)}:${problem.line}:${problem.column}`
    : problem.file === 'environment'
      ? 'environment'
      : join(configDir, problem.file)
  return `${where} ${problem.pointer}`
}

/** Its place, and what is wrong in both languages, a line each. */
export function describeProblem(configDir: string, problem: ConfigurationProblem): string {
  return `  ${placeOf(configDir, problem)}\n    ${problem.message}\n    ${problem.messageZh}`
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
