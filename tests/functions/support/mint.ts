import { importJWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'

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

/** Signs with a project's private key (`SIGNING_KEY` of its status), as hosted projects do. */
export async function signEs256(
  signingKey: string,
  claims: JWTPayload,
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  const jwk = JSON.parse(signingKey)
  return await new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: jwk.kid, ...header })
    .sign(await importJWK(jwk, 'ES256'))
}

/** Signs with a shared secret (`JWT_SECRET` of a status), as older projects do. */
export const signHs256 = (secret: string, claims: JWTPayload): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(new TextEncoder().encode(secret))
