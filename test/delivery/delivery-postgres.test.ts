// Delivery with its queues on PostgreSQL.

import t from 'tap'
import { play } from './scene.ts'
import { tellStories } from './stories.ts'

t.setTimeout(120_000)
tellStories(t, { scene: play, lose: (queues) => queues.list()[0]!.obliterate({ force: true }) })
