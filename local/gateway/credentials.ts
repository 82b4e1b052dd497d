import { SignJWT } from 'jose'

/** Who a request without a user's token is, by its API key; `undefined` for an unknown key. */
export interface Credentials {
  /** The `authorization` header to pass on; `null` for none, `undefined` when the request is to be refused. */
  authorization(headers: Headers, path: string): string | null | undefined
}

const lifetime = 3600

/** API keys are opaque: a publishable one means role anon, a secret one gets a short-lived service_role token. */
export async function createCredentials(
  { publishableKey, secretKey, jwtSecret }: { publishableKey: string; secretKey: string; jwtSecret: string },
): Promise<Credentials> {
  const secret = new TextEncoder().encode(jwtSecret)
  const mint = () =>
    new SignJWT({ role: 'service_role' })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer('supabase')
      .setIssuedAt()
      .setExpirationTime(`${lifetime}s`)
      .sign(secret)
  let serviceToken = await mint()
  setInterval(async () => serviceToken = await mint(), lifetime * 500)

  return {
    authorization(headers, path) {
      const key = headers.get('apikey') ?? keyInQuery(path)
      if (key !== publishableKey && key !== secretKey) return undefined
      const authorization = headers.get('authorization')
      // Clients repeat the key as a bearer token when nobody is signed in.
      if (authorization && !authorization.startsWith('Bearer sb_')) return authorization
      return key === secretKey ? `Bearer ${serviceToken}` : null
    },
  }
}

function keyInQuery(path: string): string | null {
  const start = path.indexOf('?')
  return start < 0 ? null : new URLSearchParams(path.slice(start)).get('apikey')
}
