import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'

/** Why the platform turns a request away. */
export type Refusal =
  | 'UNAUTHORIZED_NO_AUTH_HEADER'
  | 'UNAUTHORIZED_INVALID_JWT_FORMAT'
  | 'UNAUTHORIZED_UNSUPPORTED_TOKEN_ALGORITHM'
  | 'UNAUTHORIZED_LEGACY_JWT'
  | 'UNAUTHORIZED_ASYMMETRIC_JWT'

interface Verifying {
  jwtSecret: string
  jwks: JSONWebKeySet
  apiKeys: string[]
}

/**
 * What `verify_jwt = true` does in front of a function: the signature and the times of a token, nothing about whose it
 * is. Publishable and secret keys pass on either header, as they do on the platform.
 */
export function createTokenCheck({ jwtSecret, jwks, apiKeys }: Verifying) {
  const secret = new TextEncoder().encode(jwtSecret)
  const publicKeys = createLocalJWKSet(jwks)

  const verify = async (token: string): Promise<Refusal | undefined> => {
    let algorithm: string | undefined
    try {
      algorithm = decodeProtectedHeader(token).alg
    } catch {
      return 'UNAUTHORIZED_INVALID_JWT_FORMAT'
    }
    try {
      await (algorithm === 'HS256'
        ? jwtVerify(token, secret, { algorithms: ['HS256'] })
        : jwtVerify(token, publicKeys, { algorithms: ['ES256', 'RS256'] }))
      return undefined
    } catch {
      if (algorithm === 'HS256') return 'UNAUTHORIZED_LEGACY_JWT'
      return algorithm === 'ES256' || algorithm === 'RS256'
        ? 'UNAUTHORIZED_ASYMMETRIC_JWT'
        : 'UNAUTHORIZED_UNSUPPORTED_TOKEN_ALGORITHM'
    }
  }

  return async (headers: Headers): Promise<Refusal | undefined> => {
    if (apiKeys.includes(headers.get('apikey') ?? '')) {
      const authorization = headers.get('authorization')
      if (!authorization) return undefined
    }
    const token = headers.get('authorization')?.replace(/^Bearer\s+/i, '')
    if (!token) return 'UNAUTHORIZED_NO_AUTH_HEADER'
    return apiKeys.includes(token) ? undefined : await verify(token)
  }
}
