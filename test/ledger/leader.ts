// A process that leads until it is frozen, for presence.test.ts: prints a line when it does. Argument: the database.

import { announce } from '../../src/ledger/presence.ts'

const presence = await announce(
  process.argv[2]!,
  { host: 'frozen', roles: 'clock' },
  { lost: () => undefined },
)
while (!(await presence.leads())) await new Promise((resolve) => setTimeout(resolve, 20))
process.stdout.write('leads\n')
