// tongban keys

import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { hashPassword } from '../security/passwords.ts'
import { askPassword } from './ask-password.ts'
import { readCommandLine } from './command-line.ts'

const help = `tongban keys <what>

  client         a new bearer token, and the line for config/gateway.yaml that knows only its hash
  password       reads a password (from the terminal or standard input) and prints its scrypt hash
  webhook        a new Standard Webhooks secret (whsec_…)
  webhook-pair   a new pair of Ed25519 keys: whsk_… signs, whpk_… is for whoever verifies

Secrets are printed once and stored nowhere.
`

export async function keys(args: string[]): Promise<number> {
  const line = readCommandLine(args, help, {}, 'names')
  if (!line) return 0
  const make = makers[line.positionals[0] ?? '']
  if (!make) {
    process.stderr.write(help)
    return 2
  }
  process.stdout.write(await make())
  return 0
}

/** Both forms of RFC 8410 end with the 32 bytes of the key. */
const lastBytes = (der: Buffer): Buffer => der.subarray(-32)

const makers: Record<string, () => Promise<string>> = {
  async client() {
    const token = `tb_${randomBytes(32).toString('base64url')}`
    const sha256 = createHash('sha256').update(token).digest('hex')
    return `token:   ${token}\nconfig:  tokens: [{ sha256: ${sha256} }]\n`
  },
  async password() {
    const password = await askPassword()
    if (password.length < 8) throw new Error('a password of at least 8 characters is needed.')
    return `${await hashPassword(password)}\n`
  },
  async webhook() {
    return `whsec_${randomBytes(32).toString('base64')}\n`
  },
  async 'webhook-pair'() {
    const pair = generateKeyPairSync('ed25519')
    const seed = lastBytes(pair.privateKey.export({ format: 'der', type: 'pkcs8' }))
    const publicKey = lastBytes(pair.publicKey.export({ format: 'der', type: 'spki' }))
    const base64 = (bytes: Buffer) => bytes.toString('base64')
    return `private: whsk_${base64(Buffer.concat([seed, publicKey]))}\npublic:  whpk_${base64(publicKey)}\n`
  },
}
