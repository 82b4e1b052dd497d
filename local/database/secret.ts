import type { Keys } from '../keys.ts'
import type { Settings } from '../settings.ts'
import { databaseUrl, withConnection } from './connection.ts'

/** Tells the database the secret that functions sign with, as docs/how-to/deploy-to-supabase.md does on hosted. */
export async function shareSecret(
  settings: Settings,
  keys: Keys,
): Promise<void> {
  await withConnection(databaseUrl(settings, keys, 'postgres'), async (sql) => {
    // Other migrations than ours may be applied here.
    const [table] = await sql`select to_regclass('tenancy.secrets') as found`
    if (!table?.found) return
    await sql`
      insert into tenancy.secrets (name, value) values ('functions', ${keys.functionsSecret})
      on conflict (name) do update set value = excluded.value`
  })
}
