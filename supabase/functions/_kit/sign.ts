import { createHmac, createSecretKey } from 'node:crypto'

/** Signs a statement so that the database can tell that our functions made it. */
export type Sign = (statement: string) => string

/**
 * Builds the signature that `tenancy.is_signed_by_functions()` checks: HMAC-SHA256 in hexadecimal. Every request has one
 * made; Web Crypto would hand each to another thread and wait for it, which takes longer than making it.
 */
export function createSigner(secret: string): Sign {
  const key = createSecretKey(secret, 'utf8')
  return (statement) => createHmac('sha256', key).update(statement).digest('hex')
}
