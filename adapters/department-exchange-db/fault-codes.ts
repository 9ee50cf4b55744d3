// SQLSTATE and errno of the two kinds of server: what each means to us. A code that is not here is unknown,
// never guessed. PostgreSQL: appendix A; MySQL and MariaDB: their error references.

import type { Meaning } from './faults.ts'

/** The longest prefix that fits decides. */
const sqlStates: Readonly<Record<string, Meaning>> = {
  '08': 'lost',
  '22': 'refused',
  '22P05': 'lacking',
  '23': 'refused',
  '23505': 'duplicate',
  '25006': 'down',
  // Ended by the server, with all that was not committed: we stood still in it, or it took too long.
  '25P03': 'lost',
  '25P04': 'lost',
  '28': 'credentials',
  '3D000': 'no-database',
  '3F000': 'no-database',
  '40': 'busy',
  '40003': 'lost',
  '42501': 'forbidden',
  '42703': 'no-column',
  '42P01': 'no-table',
  '42846': 'refused',
  '42804': 'refused',
  '44000': 'refused',
  '53': 'down',
  // Closed to everybody, as while it is restored.
  '55000': 'down',
  '55006': 'busy',
  '55P03': 'busy',
  '57014': 'slow',
  '57P': 'lost',
  '57P03': 'down',
  '58': 'down',
  P0001: 'refused',
}

export function meaningOfSqlState(code: string): Meaning {
  for (let length = code.length; length >= 2; length--) {
    const meaning = sqlStates[code.slice(0, length)]
    if (meaning) return meaning
  }
  return 'unknown'
}

const errnos: Readonly<Record<Meaning, readonly number[]>> = {
  credentials: [1045, 1698, 1862, 4151],
  forbidden: [1044, 1142, 1143, 1227, 1370],
  'no-database': [1049],
  'no-table': [1146],
  'no-column': [1054],
  duplicate: [1062],
  refused: [
    1048, 1153, 1264, 1265, 1292, 1364, 1366, 1406, 1411, 1425, 1451, 1452, 1644, 1690, 3140, 3819, 4025,
  ],
  lacking: [],
  busy: [1205, 1206, 1213, 3572],
  changing: [1412, 1615],
  'commit-failed': [1180],
  slow: [1317, 1969, 3024],
  down: [1021, 1037, 1038, 1040, 1041, 1047, 1114, 1129, 1203, 1226, 1290, 1836, 3169],
  lost: [1053, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013, 4031],
  silent: [],
  'no-tls': [],
  unknown: [],
}

const byErrno = new Map(
  Object.entries(errnos).flatMap(([meaning, numbers]) =>
    numbers.map((number) => [number, meaning as Meaning] as const),
  ),
)

export function meaningOfErrno(errno: number): Meaning {
  return byErrno.get(errno) ?? 'unknown'
}
