import { importJWK, SignJWT } from 'jose'
import postgres from 'postgres'
import type { Status } from '../local/state.ts'

/** Founds an organization with one owner, and answers the headers with which that owner calls. */
export async function createWriter(stack: Status): Promise<Record<string, string>> {
  const [user, organization] = [crypto.randomUUID(), crypto.randomUUID()]
  const sql = postgres(stack.DB_URL, { max: 1 })
  await sql`insert into auth.users ${
    sql({
      id: user,
      email: `${user}@example.test`,
      email_confirmed_at: new Date(),
      aud: 'authenticated',
      role: 'authenticated',
    })
  }`
  await sql`insert into organizations ${sql({ id: organization, name: 'Bench', slug: `bench-${user.slice(0, 8)}` })}`
  await sql`insert into organization_users ${sql({ organization_id: organization, user_id: user, role: 'owner' })}`
  await sql.end()

  const jwk = JSON.parse(stack.SIGNING_KEY)
  const token = await new SignJWT({ role: 'authenticated', session_id: crypto.randomUUID() })
    .setProtectedHeader({ alg: 'ES256', kid: jwk.kid })
    .setSubject(user).setAudience('authenticated').setIssuedAt().setExpirationTime('1h')
    .sign(await importJWK(jwk, 'ES256'))
  return {
    apikey: stack.PUBLISHABLE_KEY,
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'x-organization-id': organization,
  }
}
