// How badly a world behaves. Every number is a share between 0 and 1.

export interface Faults {
  /** Of what departments and carriers say: anything at all instead of what comes next. */
  chaos: number
  /** Said now, told later; and then not in the order in which it was said. */
  delayed: number
  shuffled: number
  /** Told once more, as the same message or as another. */
  repeated: number
  /** Never told. */
  silent: number
  /** Of attempts: the process dies before one, or between the effect and its record. */
  crashBefore: number
  crashAfter: number
  unavailable: number
  lostAnswer: number
  /** Two processes at the same transfer: both record what came of it. */
  twice: number
  refused: number
  nonsense: number
  /** Of commits: joined with the next; failed and tried again; stood, but nobody was told; read back from the rows. */
  batched: number
  commitLost: number
  answerLost: number
  forgotten: number
  /** Strangers' messages, beside all others. */
  strangers: number
  /** Of turns: the applicant withdraws, or an operator looks after dead letters. */
  withdrawn: number
  revived: number
}

const none: Faults = {
  chaos: 0,
  delayed: 0,
  shuffled: 0,
  repeated: 0,
  silent: 0,
  crashBefore: 0,
  crashAfter: 0,
  unavailable: 0,
  lostAnswer: 0,
  twice: 0,
  refused: 0,
  nonsense: 0,
  batched: 0,
  commitLost: 0,
  answerLost: 0,
  forgotten: 0,
  strangers: 0,
  withdrawn: 0.02,
  revived: 1,
}

const ordinary: Faults = {
  chaos: 0.03,
  delayed: 0.2,
  shuffled: 0.2,
  repeated: 0.08,
  silent: 0.03,
  crashBefore: 0.03,
  crashAfter: 0.03,
  unavailable: 0.05,
  lostAnswer: 0.05,
  twice: 0.03,
  refused: 0.04,
  nonsense: 0.03,
  batched: 0.1,
  commitLost: 0.03,
  answerLost: 0.04,
  forgotten: 0.01,
  strangers: 0.02,
  withdrawn: 0.03,
  revived: 0.5,
}

const harsh: Faults = {
  chaos: 0.3,
  delayed: 0.4,
  shuffled: 0.8,
  repeated: 0.2,
  silent: 0.1,
  crashBefore: 0.1,
  crashAfter: 0.1,
  unavailable: 0.1,
  lostAnswer: 0.1,
  twice: 0.1,
  refused: 0.15,
  nonsense: 0.1,
  batched: 0.3,
  commitLost: 0.15,
  answerLost: 0.15,
  forgotten: 0.05,
  strangers: 0.1,
  withdrawn: 0.08,
  revived: 0.3,
}

export const profiles = { none, default: ordinary, harsh } as const
export type Profile = keyof typeof profiles
