// The way of a parcel, decided when it is ordered from its number and the seed alone.
// Pure: no clock, no network; the office walks it.

import { fraction } from '../random.ts'

export interface JourneyShares {
  /** 705 at the first try, delivered at the second. */
  failedFirst: number
  /** 742 takes back a 702. */
  reversed: number
}

export const usualShares: JourneyShares = { failedFirst: 0.1, reversed: 0.05 }

export interface Stop {
  opCode: string
  opName: string
  /** Where the parcel stands by the post's books from now on. */
  state: string
  deliverCode?: string
  attemptDeliveryCode?: string
  /** Pretended milliseconds after the stop before, at speed 1. */
  afterMs: number
}

const STEP_MS = 1_500

const stops = {
  '203': { opName: '收寄计费信息', state: 'collected' },
  '305': { opName: '揽投发运/封发', state: 'in-transit' },
  '389': { opName: '处理中心封车', state: 'in-transit' },
  '954': { opName: '到达处理中心', state: 'in-transit' },
  '516': { opName: '总包到寄达地', state: 'in-transit' },
  '713': { opName: '到达投递机构', state: 'in-transit' },
  '702': { opName: '投递邮件接收-下段', state: 'out-for-delivery' },
  '742': { opName: '撤销投递下段', state: 'in-transit' },
  '704': { opName: '投递结果反馈-妥投', state: 'delivered', deliverCode: '10' },
  '705': { opName: '投递结果反馈-未妥投', state: 'delivery-failed', attemptDeliveryCode: '4' },
  '801': { opName: '撤单', state: 'cancelled' },
} as const

type OpCode = keyof typeof stops

/** Stops in order, for an order that nobody cancels. */
export function journeyOf(orderNumber: string, seed: string, shares: JourneyShares): Stop[] {
  const chance = fraction(seed, orderNumber, 'journey')
  const turns = turnsOf(chance, shares)
  const codes: OpCode[] = ['203', '305', '389', '954', '516', '713', '702', ...turns, '704']
  return codes.map((code, i) => stop(code, STEP_MS * (0.4 + fraction(seed, orderNumber, 'pace', i))))
}

function turnsOf(chance: number, { failedFirst, reversed }: JourneyShares): OpCode[] {
  if (chance < failedFirst) return ['705', '702']
  return chance < failedFirst + reversed ? ['742', '702'] : []
}

export function stop(opCode: OpCode, afterMs: number): Stop {
  return { opCode, afterMs, ...stops[opCode] }
}
