import type { JWTHeaderParameters, JWTPayload } from 'jose'
import { signEs256, signHs256 } from './mint.ts'
import { stack } from './stack.ts'

export { claimsFor } from './mint.ts'

/** Signs with the project's private key, as hosted projects do. */
export const mintEs256 = (claims: JWTPayload, header: Partial<JWTHeaderParameters> = {}): Promise<string> =>
  signEs256(stack('SIGNING_KEY'), claims, header)

/** Signs with a shared secret, as older projects do. */
export const mintHs256 = (claims: JWTPayload, secret = stack('JWT_SECRET')): Promise<string> =>
  signHs256(secret, claims)

/** How a project signs: with its own key as hosted ones do, or with a shared secret as older ones. */
export const algorithms = ['ES256', 'HS256'] as const
export type Algorithm = (typeof algorithms)[number]

/** Signs as a project does that uses this algorithm. */
export const mint = (algorithm: Algorithm, claims: JWTPayload): Promise<string> =>
  algorithm === 'ES256' ? mintEs256(claims) : mintHs256(claims)

const base64url = (value: unknown): string =>
  btoa(JSON.stringify(value)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

/** A token that nobody signed. */
export const unsigned = (claims: JWTPayload, header: object = { alg: 'none', typ: 'JWT' }, signature = ''): string =>
  `${base64url(header)}.${base64url(claims)}.${signature}`
