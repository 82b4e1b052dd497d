import { Buffer } from 'node:buffer'

/** Signs a statement so that the database can tell that our functions made it. */
export type Sign = (statement: string) => Promise<string>

/** Builds the signature that `tenancy.is_signed_by_functions()` checks: HMAC-SHA256 in hexadecimal. */
export function createSigner(secret: string): Sign {
  const text = new TextEncoder()
  const key = crypto.subtle.importKey(
    'raw',
    text.encode(secret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  return async (statement) =>
    Buffer.from(
      await crypto.subtle.sign('HMAC', await key, text.encode(statement)),
    ).toString('hex')
}
