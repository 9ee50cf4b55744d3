// The thread behind sm3.ts: reads files as they grow and hashes them with SM3. It must not keep a file open
// after its hash was asked for or given up, and answers every `finish` exactly once.

import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import type { Sm3Answer, Sm3Order } from './sm3.ts'

const READ_BYTES = 1024 * 1024

interface Followed {
  fd: number
  hash: Hash
  hashed: number
  fault?: string
}

const followed = new Map<number, Followed>()
const buffer = Buffer.allocUnsafe(READ_BYTES)

parentPort?.on('message', (order: Sm3Order) => {
  if (order.type === 'start') followed.set(order.id, begin(order.path))
  if (order.type === 'grown') catchUp(followed.get(order.id), order.size)
  if (order.type === 'finish') answer({ id: order.id, ...end(order.id) })
  if (order.type === 'cancel') end(order.id)
})

function begin(path: string): Followed {
  const state = { hash: createHash('sm3'), hashed: 0 }
  try {
    return { ...state, fd: openSync(path, 'r') }
  } catch (error) {
    return { ...state, fd: -1, fault: String(error) }
  }
}

function catchUp(file: Followed | undefined, size: number): void {
  if (file === undefined || file.fault !== undefined) return
  try {
    while (file.hashed < size) hashNext(file, Math.min(READ_BYTES, size - file.hashed))
  } catch (error) {
    file.fault = String(error)
  }
}

function hashNext(file: Followed, length: number): void {
  const read = readSync(file.fd, buffer, 0, length, file.hashed)
  if (read === 0) throw new Error('the file is shorter than was said')
  file.hash.update(buffer.subarray(0, read))
  file.hashed += read
}

function end(id: number): Omit<Sm3Answer, 'id'> {
  const file = followed.get(id)
  if (file === undefined) return { fault: 'not followed' }
  followed.delete(id)
  if (file.fd !== -1) closeSync(file.fd)
  return file.fault === undefined ? { digest: file.hash.digest('hex') } : { fault: file.fault }
}

function answer(it: Sm3Answer): void {
  parentPort?.postMessage(it)
}
