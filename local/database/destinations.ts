import { type Keys, webhookSecrets } from '../keys.ts'
import { apiUrl, type Settings } from '../settings.ts'
import { databaseUrl, withConnection } from './connection.ts'

/** Tells the database where its events go: to the functions of this stack, on whatever ports it runs now. */
export async function setDestinations(settings: Settings, keys: Keys): Promise<void> {
  const { SIGNUP_WEBHOOK_SECRET, NOTICES_SECRET, BILLING_WEBHOOK_SECRET } = webhookSecrets(keys)
  const destinations = [
    { topic: 'user', url: `${apiUrl(settings)}/functions/v1/signup-webhook`, secret: SIGNUP_WEBHOOK_SECRET },
    { topic: 'notice', url: `${apiUrl(settings)}/functions/v1/notices`, secret: NOTICES_SECRET },
    { topic: 'billing', url: `${apiUrl(settings)}/functions/v1/billing-webhook`, secret: BILLING_WEBHOOK_SECRET },
  ]
  await withConnection(databaseUrl(settings, keys, 'postgres'), async (sql) => {
    const [table] = await sql`select to_regclass('tenancy.destinations') as found`
    // Another project's migrations, or the database at phase 1.
    if (!table?.found) return
    for (const { topic, url, secret } of destinations) {
      await sql`
        insert into tenancy.destinations (topic, url, headers)
        values (${topic}, ${url}, ${sql.json({ 'x-webhook-secret': secret })})
        on conflict (topic) do update set url = excluded.url, headers = excluded.headers`
    }
  })
}
