// An item's key names the file, what it held, and the event's place in it, so that settling moves exactly the bytes that
// were read and not a file that has taken their name since. Pure.

import { hash } from 'node:crypto'
import type { Entry } from './drop.ts'
import { unrecognised } from './faults.ts'

interface ItemKey {
  name: string
  tag: string
  /** From 1. */
  number: number
}

export const itemKey = (name: string, tag: string, number: number): string => `${name}#${tag}#${number}`

/** @throws AdapterFailure 'unrecognised' for a key that is not ours */
export function readKey(key: string): ItemKey {
  const [, name, tag, number] = /^(.+)#([0-9a-z-]+)#(\d+)$/s.exec(key) ?? []
  if (!name || !tag) throw unrecognised('条目标识无法识别 (the key of the item is not ours)')
  return { name, tag, number: Number(number) }
}

export const tagOfBytes = (bytes: Buffer): string => hash('sha256', bytes, 'hex')

/** Of a file that is too large to be read. */
export const tagOfEntry = ({ size, mtimeMs }: Entry): string => `${size}-${Math.floor(mtimeMs / 1000)}`
