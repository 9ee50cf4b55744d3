// The rating system's own books: services it was told of, and what applicants said that the gateway took.
// Knows nothing of HTTP or of the gateway.

import type { ActorBooks } from '../actor.ts'

interface RecordedService {
  projectNo: string
  serviceNumber: string
  /** Everything that was told, as it came. */
  params: string
  times: number
}

export interface GivenEvaluation {
  projectNo: string
  serviceNumber: string
  satisfaction: string
}

interface RatingBooks {
  /** False when it was there already; told otherwise than before, it counts as a second one. */
  record(service: Omit<RecordedService, 'times'>): boolean
  /** An applicant has made up their mind; the gateway is told in a while. */
  decided(evaluation: GivenEvaluation): void
  /** The gateway acknowledged it. */
  acknowledged(evaluation: GivenEvaluation): void
  count(what: string): void
  read(): ActorBooks
}

export function openRatingBooks(): RatingBooks {
  const services = new Map<string, RecordedService>()
  const opinions: GivenEvaluation[] = []
  const evaluations: GivenEvaluation[] = []
  const counts: Record<string, number> = {}
  const count = (what: string): void => {
    counts[what] = (counts[what] ?? 0) + 1
  }
  return {
    count,
    record(service) {
      const key = `${service.projectNo} ${service.serviceNumber}`
      const known = services.get(key)
      if (!known) services.set(key, { ...service, times: 1 })
      else if (known.params !== service.params) known.times++
      else count('duplicatesRefused')
      return !known
    },
    decided: (opinion) => void opinions.push(opinion),
    acknowledged: (evaluation) => void evaluations.push(evaluation),
    read: () => ({
      effects: [
        ...[...services.values()].map(serviceLine),
        ...opinions.map((one) => sayingLine('opinion', one)),
        ...evaluations.map((one) => sayingLine('evaluation', one)),
      ],
      counts: { ...counts, notToldYet: opinions.length - evaluations.length },
    }),
  }
}

const serviceLine = ({ projectNo, serviceNumber, times }: RecordedService) => ({
  kind: 'service',
  key: projectNo,
  reference: serviceNumber,
  times,
  state: 'recorded',
})

const sayingLine = (kind: string, { projectNo, serviceNumber, satisfaction }: GivenEvaluation) => ({
  kind,
  key: projectNo,
  reference: serviceNumber,
  times: 1,
  state: satisfaction,
})
