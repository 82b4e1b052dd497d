import { importJWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'
import { stack } from './stack.ts'

const inAnHour = () => Math.floor(Date.now() / 1000) + 3600

/** The claims of an access token as Auth writes them; `changes` replaces some, and leaves out what it sets to undefined. */
export const claimsFor = (userId: string, email: string, changes: JWTPayload = {}): JWTPayload => // Claims that are undefined are not in the JSON.
({
  sub: userId,
  role: 'authenticated',
  aud: 'authenticated',
  exp: inAnHour(),
  session_id: crypto.randomUUID(),
  email,
  ...changes,
})

/** Signs with the project's private key, as hosted projects do. */
export async function mintEs256(claims: JWTPayload, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
  const jwk = JSON.parse(stack('SIGNING_KEY'))
  return await new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: jwk.kid, ...header })
    .sign(await importJWK(jwk, 'ES256'))
}

/** Signs with a shared secret, as older projects do. */
export const mintHs256 = (claims: JWTPayload, secret = stack('JWT_SECRET')): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(new TextEncoder().encode(secret))

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
