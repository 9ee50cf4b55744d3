// Which of the recorded catalogues counts on a day, and whether another may be recorded beside them. The newest whose
// first day has come is in force; one with a later first day waits. Versions that nobody said were to be replaced must
// follow one another by day, as they do by number.

export interface CatalogueVersion {
  /** 1 for the first, growing by one with each activation. */
  number: number
  /** Content hash of its files; the same content may be activated again under another number. */
  version: string
  /** Its first day, ISO, in China. */
  effectiveFrom: string
  /** ISO 8601 */
  activatedAt: string
  /** `start`, `operator:<id>` or `command:<user>`. */
  by: string
}

/** One file of config/matters as it was read, defaults filled in. */
export interface CatalogueFile {
  /** Below the configuration folder. */
  file: string
  data: unknown
}

/** past: another came after it by day; replaced: a later activation has taken its days. */
export type CatalogueStanding = 'in-force' | 'waiting' | 'past' | 'replaced'

type Dated = Pick<CatalogueVersion, 'number' | 'effectiveFrom'>

/** Those that have days of their own: no later activation begins on their first day or before it. Ordered by both. */
export function liveVersions<V extends Dated>(versions: readonly V[]): V[] {
  return versions.filter(
    (one) => !versions.some((other) => other.number > one.number && other.effectiveFrom <= one.effectiveFrom),
  )
}

/** Before the first day of all, the first to come is in force: a city without a catalogue could do nothing. */
export function inForceOn<V extends Dated>(versions: readonly V[], day: string): V | undefined {
  const live = liveVersions(versions)
  return live.findLast((one) => one.effectiveFrom <= day) ?? live[0]
}

export function standingOf(one: Dated, versions: readonly Dated[], day: string): CatalogueStanding {
  const current = inForceOn(versions, day)
  if (one.number === current?.number) return 'in-force'
  if (!liveVersions(versions).some(({ number }) => number === one.number)) return 'replaced'
  return one.number > current!.number ? 'waiting' : 'past'
}

export interface Objection {
  message: string
  messageZh: string
}

export type Judgement =
  /** It may be recorded. */
  | { verdict: 'new' }
  /** Nothing to record: this is what was recorded already. */
  | { verdict: 'known'; as: CatalogueVersion }
  | { verdict: 'refused'; objections: readonly Objection[] }

/** `start`: a process's own files, which count only once; `replace`: days of others may be taken. */
export type Insistence = 'start' | 'activate' | 'replace'

/** May a catalogue be recorded after these? */
export function judge(
  candidate: Pick<CatalogueVersion, 'version' | 'effectiveFrom'>,
  versions: readonly CatalogueVersion[],
  insistence: Insistence,
): Judgement {
  const same = versions.findLast(({ version }) => version === candidate.version)
  if (same && (insistence === 'start' || same.number === versions.at(-1)?.number))
    return { verdict: 'known', as: same }
  if (insistence === 'replace') return { verdict: 'new' }
  const objections = liveVersions(versions)
    .filter(({ effectiveFrom }) => effectiveFrom >= candidate.effectiveFrom)
    .map((other) => objection(candidate.effectiveFrom, other))
  return objections.length === 0 ? { verdict: 'new' } : { verdict: 'refused', objections }
}

function objection(from: string, other: CatalogueVersion): Objection {
  const { number, effectiveFrom } = other
  return from === effectiveFrom
    ? {
        message: `effectiveFrom ${from} is already the first day of version ${number}: give it a later day, or activate it with --replace`,
        messageZh: `生效日期 ${from} 与第 ${number} 版相同：请改为更晚的日期，或使用 --replace 替换`,
      }
    : {
        message: `effectiveFrom ${from} is before ${effectiveFrom}, the first day of version ${number}: give it a later day, or activate it with --replace`,
        messageZh: `生效日期 ${from} 早于第 ${number} 版的生效日期 ${effectiveFrom}：请改为更晚的日期，或使用 --replace 替换`,
      }
}
