import { z } from 'zod'
import { createHttpsResolver, createSystemResolver, type ResolveTxt } from './dns.ts'
import { type Log, logToConsole, warnAtStart } from './log.ts'
import { createSigner, type Sign } from './sign.ts'
import { createTokenVerifier, type VerifyToken, withMemory } from './token.ts'

/** What functions need of the world around them. Tests bring their own. */
export interface Deps {
  supabaseUrl: string
  publishableKeys: [string, ...string[]]
  /** Where the app lives: links in mails point there. */
  siteUrl: string
  allowedOrigins: string[]
  verifyToken: VerifyToken
  /** Signs what the database must be able to trust from functions; absent without FUNCTIONS_SECRET. */
  sign?: Sign
  /** How many proxies in front of functions add to x-forwarded-for what they see. */
  trustedProxies: number
  /** Looks up the records that prove who holds a domain. */
  resolveTxt: ResolveTxt
  fetch: typeof fetch
  log: Log
}

/** A variable that holds JSON. */
export const json = <Schema extends z.ZodType>(schema: Schema) =>
  z.string().transform((text, ctx) => {
    try {
      return JSON.parse(text)
    } catch {
      ctx.addIssue('is not JSON')
      return z.NEVER
    }
  }).pipe(schema)

/** Whether nobody on the way can read or change what is asked and answered there. */
export function isPrivate(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
}

const Environment = z.object({
  SUPABASE_URL: z.url().transform((url) => url.replace(/\/+$/, '')),
  SUPABASE_PUBLISHABLE_KEYS: json(z.record(z.string(), z.string())).default({}),
  SUPABASE_ANON_KEY: z.string().min(1).optional(),
  SUPABASE_JWKS: json(
    z.object({ keys: z.array(z.looseObject({ kty: z.string() })) }),
  ).default({ keys: [] }),
  JWT_SECRET: z.string().min(32).optional(),
  SITE_URL: z.url().transform((url) => url.replace(/\/+$/, '')),
  ALLOWED_ORIGINS: z.string().transform((list) => list.split(',').map((origin) => origin.trim()))
    .pipe(z.array(z.url().transform((url) => new URL(url).origin))).optional(),
  FUNCTIONS_SECRET: z.string().min(32).optional(),
  TRUSTED_PROXIES: z.string().regex(/^[0-9]$/, 'is not a number from 0 to 9').transform(Number).default(1),
  DNS_OVER_HTTPS_URL: z.string()
    // Whoever can change what the DNS answers on its way can claim any domain.
    .refine(
      (url) => url === 'system' || isPrivate(url),
      'is neither an https: URL, nor one on this machine, nor "system"',
    )
    .default('https://cloudflare-dns.com/dns-query'),
})

/** The variables that a schema describes; one that is missing or wrong is named, and its value kept to itself. */
export function parseEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  environment: Record<string, string | undefined>,
): z.output<Schema> {
  const parsed = schema.safeParse(environment)
  if (parsed.success) return parsed.data
  throw new Error(
    `Environment: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`,
  )
}

/** Reads the environment once, at import; what is missing or wrong is named and stops the function from starting. */
export function resolveDeps(
  environment: Record<string, string | undefined>,
): Deps {
  const env = parseEnvironment(Environment, environment)
  const [publishableKey, ...otherKeys] = Object.values(
    env.SUPABASE_PUBLISHABLE_KEYS,
  )
  const firstKey = publishableKey ?? env.SUPABASE_ANON_KEY
  if (!firstKey) {
    throw new Error('Environment: SUPABASE_PUBLISHABLE_KEYS: holds no key')
  }
  if (env.SUPABASE_JWKS.keys.length === 0 && !env.JWT_SECRET) {
    throw new Error(
      'Environment: SUPABASE_JWKS: holds no key, and there is no JWT_SECRET: no token could be verified',
    )
  }
  if (!env.FUNCTIONS_SECRET) {
    warnAtStart('No FUNCTIONS_SECRET: the database does not learn the addresses of clients, and believes no DNS proof.')
  }
  return {
    supabaseUrl: env.SUPABASE_URL,
    publishableKeys: [firstKey, ...otherKeys],
    siteUrl: env.SITE_URL,
    allowedOrigins: env.ALLOWED_ORIGINS ?? [new URL(env.SITE_URL).origin],
    verifyToken: withMemory(
      createTokenVerifier({
        jwks: env.SUPABASE_JWKS,
        jwtSecret: env.JWT_SECRET,
      }),
    ),
    ...(env.FUNCTIONS_SECRET && { sign: createSigner(env.FUNCTIONS_SECRET) }),
    trustedProxies: env.TRUSTED_PROXIES,
    resolveTxt: env.DNS_OVER_HTTPS_URL === 'system'
      ? createSystemResolver()
      : createHttpsResolver(env.DNS_OVER_HTTPS_URL, fetch),
    fetch,
    log: logToConsole,
  }
}
