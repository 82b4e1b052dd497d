import postgres from 'postgres'
import type { Status } from '../local/state.ts'
import { signUp } from '../tests/database/support/cast.ts'
import { claimsFor, signEs256 } from '../tests/functions/support/mint.ts'

/** Founds an organization with one owner, and answers the headers with which that owner calls. */
export async function createWriter(stack: Status): Promise<Record<string, string>> {
  const organization = crypto.randomUUID()
  const email = `${organization}@example.test`
  const sql = postgres(stack.DB_URL, { max: 1 })
  const user = await sql.begin((tx) => signUp(tx, email))
  await sql`insert into organizations ${
    sql({ id: organization, name: 'Bench', slug: `bench-${organization.slice(0, 8)}` })
  }`
  await sql`insert into organization_users ${sql({ organization_id: organization, user_id: user, role: 'owner' })}`
  await sql.end()

  const token = await signEs256(stack.SIGNING_KEY, claimsFor(user, email))
  return {
    apikey: stack.PUBLISHABLE_KEY,
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'x-organization-id': organization,
  }
}
