// Whoever passes papers from hand to hand: windows that take them in and hand them on, departments that say
// they have them. Mostly they say what is so, sometimes what cannot be.

import { type Keeper, keeperOf, lastLink } from '../../../src/domain/paper.ts'
import { type Held, type PaperName, papersOf } from '../../../src/domain/papers.ts'
import { between, pick } from '../../../src/sandbox/random.ts'
import { carrier } from '../city.ts'
import { iso, known, newKey, tell, type World } from '../world.ts'
import type { Actor } from './index.ts'

const MINUTE = 60_000
const CLIENT = 'client'

export const counter: Actor = {
  name: 'counter',
  weight: 1,
  tells: ['material.handed-over', 'material.received'],
  act(world) {
    if (world.calm) return bringOn(world)
    const papers = papersOf(known(world))
    if (papers.length === 0) return false
    const held = pick(world.random, papers)
    if (world.random() < 0.3 && held.paper.material !== undefined) receive(world, held)
    else handOver(world, held)
    return true
  },
}

/** What an applicant has given away comes to the department in the end; what he keeps he will be asked for. */
function bringOn(world: World): boolean {
  const { cases } = known(world)
  const waited = cases.flatMap(({ waits }) =>
    waits.flatMap((wait) => (wait.for === 'paper' && 'material' in wait ? [wait.material] : [])),
  )
  const held = papersOf(known(world)).find(
    ({ one, paper }) =>
      waited.includes(paper.material ?? '') && keeperOf(paper, one.system).kind !== 'applicant',
  )
  if (!held) return false
  const { one, paper } = held
  const hand = { from: keeperOf(paper, one.system), to: { kind: 'department', system: one.system } } as const
  const last = Date.parse(lastLink(paper)!.at)
  world.now = Math.max(world.now, last) + MINUTE
  const facts = { papers: [{ material: paper.material! }], at: iso(world.now), by: `client:${CLIENT}` }
  tell(world, { type: 'material.handed-over', ...facts, ...hand }, newKey(world, CLIENT))
  return true
}

function receive(world: World, { one, paper }: Held): void {
  const { random, faults } = world
  const materials = random() < 0.5 ? { materials: [paper.material!] } : {}
  const system = random() < faults.chaos ? 'nobody' : one.system
  const receipt = { caseId: one.id, at: timeOf(world), system, ...materials }
  tell(world, { type: 'material.received', ...receipt }, newKey(world, system))
}

function handOver(world: World, { one, paper }: Held): void {
  const { random, faults } = world
  const keepers: readonly Keeper[] = [
    { kind: 'applicant' },
    { kind: 'window', hall: 'hall-1', window: '1' },
    { kind: 'window', hall: 'hall-1', window: '2' },
    { kind: 'carrier', system: carrier },
    { kind: 'department', system: one.system },
  ]
  const name: PaperName =
    paper.material === undefined ? { result: one.matter.code } : { material: paper.material }
  const last = lastLink(paper)
  const isOld = last !== undefined && random() < faults.repeated
  const from = random() < faults.chaos ? pick(random, keepers) : keeperOf(paper, one.system)
  const hand = isOld ? { from: last.from, to: last.to, at: last.at } : { from, to: pick(random, keepers) }
  const by = pick(random, [`client:${CLIENT}`, `system:${one.system}`])
  const facts = { papers: [name], at: timeOf(world), ...hand, by }
  tell(world, { type: 'material.handed-over', ...facts }, newKey(world, CLIENT))
}

function timeOf({ random, faults, now }: World): string {
  return iso(now - (random() < faults.delayed ? between(random, -60, 24 * 60) * MINUTE : 0))
}
