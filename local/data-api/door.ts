import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { JWTVerifyGetKey } from 'jose'

/** The roles that PostgREST may take, because role `authenticator` may. */
const roles: unknown[] = ['anon', 'authenticated', 'service_role']
const clockTolerance = 30
const now = () => Math.floor(Date.now() / 1000)

interface Verifying {
  jwtSecret: string
  jwks: JSONWebKeySet
}

const refuse = (status: number, code: string, message: string): Response =>
  Response.json({ code, details: null, hint: null, message }, { status })

/**
 * What PostgREST with this project's settings does before it asks the database, and lite's Data API does not: it reads
 * ES256 as well as HS256, takes no other roles than `authenticator` may, and lists nothing at `/`. Answers the request
 * to pass on, or the refusal.
 */
export function createDoor({ jwtSecret, jwks }: Verifying): (request: Request) => Promise<Request | Response> {
  const secret = new TextEncoder().encode(jwtSecret)
  const publicKeys = createLocalJWKSet(jwks)
  const keyFor: JWTVerifyGetKey = (header, token) => header.alg === 'HS256' ? secret : publicKeys(header, token)

  const claimsOf = async (token: string): Promise<JWTPayload> => {
    const { payload } = await jwtVerify(token, keyFor, { algorithms: ['ES256', 'RS256', 'HS256'], clockTolerance })
    if ((payload.iat ?? 0) > now() + clockTolerance) throw new errors.JWTInvalid('JWT issued at future')
    return payload
  }

  // Under the one signature that lite reads, and within its clock, which forgives no second.
  const signAgain = ({ nbf: _passed, iat, exp, ...claims }: JWTPayload): Promise<string> =>
    new SignJWT({ ...claims, exp: Math.max(exp ?? 0, now() + 60), ...(iat && { iat: Math.min(iat, now()) }) })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(secret)

  return async (request) => {
    if (/^\/rest\/v1\/*$/.test(new URL(request.url).pathname)) {
      return refuse(404, 'PGRST126', 'Root endpoint metadata is disabled')
    }
    const headers = new Headers(request.headers)
    const token = /^bearer +(.+)$/i.exec(headers.get('authorization') ?? '')?.[1]
    headers.delete('authorization')
    if (token !== undefined) {
      try {
        const claims = await claimsOf(token)
        const { role = 'anon' } = claims
        if (!roles.includes(role)) return refuse(403, '42501', `permission denied to set role "${role}"`)
        headers.set('authorization', `Bearer ${await signAgain({ ...claims, role })}`)
      } catch (error) {
        return refuse(401, 'PGRST301', error instanceof errors.JOSEError ? error.message : 'The token is not one.')
      }
    }
    return new Request(request, { headers })
  }
}
