import { join } from 'node:path'
import { Buffer } from 'node:buffer'
import { createHmac, randomBytes } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK } from 'jose'

/** What is generated once for a data folder and never leaves it. */
export interface Keys {
  jwtSecret: string
  publishableKey: string
  secretKey: string
  /** What functions sign statements with that the database must be able to trust. */
  functionsSecret: string
  /** ES256 private key; its public half is in every JWKS, so that asymmetric tokens are honoured too. */
  signingKey: JWK
  passwords: { supabase_admin: string; authenticator: string; supabase_auth_admin: string }
}

/** The password of role `postgres`, the same as in every local Supabase. */
export const postgresPassword = 'postgres'

const random = (bytes: number): string => randomBytes(bytes).toString('base64url')

const apiKey = (kind: 'publishable' | 'secret'): string => `sb_${kind}_${random(17).slice(0, 22)}_${random(6)}`

async function generateKeys(): Promise<Keys> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return {
    jwtSecret: random(40),
    publishableKey: apiKey('publishable'),
    secretKey: apiKey('secret'),
    functionsSecret: random(40),
    signingKey: { ...await exportJWK(privateKey), kid: random(12), alg: 'ES256', use: 'sig' },
    passwords: { supabase_admin: random(24), authenticator: random(24), supabase_auth_admin: random(24) },
  }
}

/** Reads the keys of a data folder, and generates them the first time. */
export async function readKeys(dataDir: string): Promise<Keys> {
  const path = join(dataDir, 'keys.json')
  const stored = await readStored(path)
  if (stored?.functionsSecret) return stored
  // A data folder that is older than a key gets that key.
  const keys = { ...await generateKeys(), ...stored }
  await Deno.writeTextFile(path, JSON.stringify(keys, null, 2), { mode: 0o600 })
  return keys
}

async function readStored(path: string): Promise<Keys | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(path))
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error
    return undefined
  }
}

/** The public keys, as `/auth/v1/.well-known/jwks.json` and SUPABASE_JWKS give them. */
export function publicJwks(keys: Keys): { keys: JWK[] } {
  const { d: _private, ...publicKey } = keys.signingKey
  return { keys: [{ ...publicKey, key_ops: ['verify'] }] }
}

/** What the Data API verifies with: the public keys and the shared secret. */
export function verifyingJwks(keys: Keys): { keys: JWK[] } {
  const shared: JWK = { kty: 'oct', k: Buffer.from(keys.jwtSecret).toString('base64url'), alg: 'HS256' }
  return { keys: [...publicJwks(keys).keys, shared] }
}

/** The secrets that the database and Auth share with the functions they call, all made from the one that is kept. */
export function webhookSecrets({ jwtSecret }: Pick<Keys, 'jwtSecret'>) {
  const derived = (name: string) => createHmac('sha256', jwtSecret).update(name).digest('base64')
  return {
    SIGNUP_WEBHOOK_SECRET: derived('signup-webhook'),
    BEFORE_USER_CREATED_HOOK_SECRET: `v1,whsec_${derived('before-user-created')}`,
    NOTICES_SECRET: derived('notices'),
    BILLING_WEBHOOK_SECRET: derived('billing-webhook'),
  }
}
