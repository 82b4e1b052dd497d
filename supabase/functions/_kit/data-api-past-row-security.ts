import { z } from 'zod'
import { createDataApi, type DataApi } from './data-api.ts'
import { type Deps, json, parseEnvironment } from './deps.ts'

// The secret key passes row-level security: whoever holds it reads and writes every company. It is for webhooks alone,
// behind which there is no person; a test lists the files that may import this one.

const Environment = z.object({
  SUPABASE_SECRET_KEYS: json(z.record(z.string(), z.string())).default({}),
  SUPABASE_SERVICE_ROLE_KEY: z.string().min(1).optional(),
})

/** The secret key of the project: the one named `default`, any other, or the one of older projects. */
export function resolveSecretKeyPastRowSecurity(environment: Record<string, string | undefined>): string {
  const { SUPABASE_SECRET_KEYS: keys, SUPABASE_SERVICE_ROLE_KEY } = parseEnvironment(Environment, environment)
  const key = keys.default ?? Object.values(keys)[0] ?? SUPABASE_SERVICE_ROLE_KEY
  if (!key) throw new Error('Environment: SUPABASE_SECRET_KEYS: holds no key')
  return key
}

/** The functions of the database that nobody but the secret key may call. */
export function createDataApiPastRowSecurity(deps: Deps, secretKey: string, requestId: string): Pick<DataApi, 'rpc'> {
  // Older keys are tokens themselves.
  const token = secretKey.startsWith('sb_') ? undefined : secretKey
  return createDataApi({ ...deps, publishableKeys: [secretKey] }, { requestId, token })
}
