import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import postgres from 'postgres'
import type { Status } from '../../local/state.ts'
import { signUp } from '../../tests/database/support/cast.ts'
import { claimsFor, signEs256, signHs256 } from '../../tests/functions/support/mint.ts'
import { found, invite, type Person, signUp as signUpMany } from '../accept.ts'
import type { Request } from './load.ts'

/** How many leads each organization begins with. */
export const leadsOfEach = 200
// More than are sent at once: the load generator prepares some that it doesn't send.
const invitees = 200

/** A request, or what prepares as many different ones as a round needs. */
export type Way = Request | (() => Promise<Request[]>)

/** The same thing asked in two ways, of which the first is the control. */
export interface Pair {
  name: string
  wanted: string
  control: Way
  ours: Way
  /** How many requests a round has over so many connections; otherwise as many as take a second or so. */
  amount?: (connections: number) => number
}

type Asked = Pick<Request, 'url' | 'method' | 'body'>

/**
 * What is compared. First PostgREST with itself: a member who sees what row-level security lets through, and the secret
 * key, which names the organization in its filter or its rows. Then functions with PostgREST: the same statement with the
 * same result, both through the gateway.
 */
export async function createPairs(
  status: Status,
  dataApi: string,
  organizations: number,
): Promise<{ pairs: Pair[]; end: () => Promise<void> }> {
  const sql = postgres(status.ADMIN_DB_URL, { max: 1, onnotice: () => {} })
  const { organization, user, lead } = await furnish(sql, organizations)
  const email = `${organization}@example.test`
  const secret = await signHs256(status.JWT_SECRET, { role: 'service_role' })
  const json = { 'content-type': 'application/json' }
  const as = (token: string) => ({ authorization: `Bearer ${token}`, apikey: status.PUBLISHABLE_KEY, ...json })
  // PostgREST of its own knows the shared secret alone; the stack's verifies as hosted projects do.
  const direct = {
    ...as(await signHs256(status.JWT_SECRET, claimsFor(user, email))),
    'x-organization-id': organization,
  }
  const member = {
    ...as(await signEs256(status.SIGNING_KEY, claimsFor(user, email))),
    'x-organization-id': organization,
  }

  const alone = (
    name: string,
    method: Request['method'],
    path: string,
    filtered: string,
    ...bodies: string[]
  ): Pair => ({
    name: `PostgREST: ${name}`,
    wanted: '≥ 0.93',
    control: {
      url: `${dataApi}${filtered}`,
      method,
      headers: { authorization: `Bearer ${secret}`, ...json },
      body: bodies[1] ?? bodies[0],
    },
    ours: { url: `${dataApi}${path}`, method, headers: direct, body: bodies[0] },
  })
  const routed = (name: string, wanted: string, control: Asked, ours: Asked, amount?: Pair['amount']): Pair => ({
    name: `functions: ${name}`,
    wanted,
    control: { ...control, headers: { ...member, prefer: 'return=representation' } },
    ours: { ...ours, headers: member },
    amount,
  })
  const call = (name: string, body: object = {}): Asked => ({
    url: `${status.REST_URL}/rpc/${name}`,
    method: 'POST',
    body: JSON.stringify(body),
  })

  const leads: Record<string, string>[] = parse(
    await Deno.readTextFile(join(import.meta.dirname!, '..', '..', 'demo', 'leads.csv')),
    { columns: true },
  )
  // As supabase-js asks for it: the columns, so that PostgREST doesn't look for them in the body.
  const columns = encodeURIComponent(Object.keys(leads[0] ?? {}).map((name) => `"${name}"`).join(','))
  const create = (rows: Record<string, string>[]): [Asked, Asked] => [
    { url: `${status.REST_URL}/leads?columns=${columns}`, method: 'POST', body: JSON.stringify(rows) },
    { url: `${status.FUNCTIONS_URL}/records/leads`, method: 'POST', body: JSON.stringify(rows) },
  ]
  const one = leads.slice(0, 1)
  const stamped = one.map((row) => ({ ...row, organization_id: organization, user_id: user }))

  const people = await signUpMany(sql, status, invitees)
  const accept = (path: string) => async (): Promise<Request[]> => {
    const hosts = await Promise.all(Array.from({ length: 8 }, () => found(sql)))
    return (await invite(sql, people, hosts)).map(({ person, invitation }: { person: Person; invitation: string }) => ({
      url: path,
      method: 'POST',
      headers: as(person.token),
      body: JSON.stringify({ token: invitation }),
    }))
  }

  const own = `organization_id=eq.${organization}`
  const newest = 'order=created_at.desc&limit=20'
  const chosen = { organization_id: organization }
  const pairs: Pair[] = [
    alone('newest 20', 'GET', `/leads?${newest}`, `/leads?${own}&${newest}`),
    alone('by id', 'GET', `/leads?id=eq.${lead}`, `/leads?${own}&id=eq.${lead}`),
    alone('update by id', 'PATCH', `/leads?id=eq.${lead}`, `/leads?${own}&id=eq.${lead}`, '{"priority":2}'),
    alone('one lead', 'POST', '/leads', '/leads', JSON.stringify(one), JSON.stringify(stamped)),
    routed('organizations', '≥ 0.65', call('list_organizations'), {
      url: `${status.FUNCTIONS_URL}/organizations`,
      method: 'GET',
    }),
    routed('where one acts', '≥ 0.65', call('active_organization'), {
      url: `${status.FUNCTIONS_URL}/active-organization`,
      method: 'GET',
    }),
    routed('switch', '≥ 0.6', call('set_active_organization', chosen), {
      url: `${status.FUNCTIONS_URL}/active-organization`,
      method: 'PUT',
      body: JSON.stringify(chosen),
    }),
    routed('a link that invites', '≥ 0.6', call('create_invitation_link', { ...chosen, max_uses: 3 }), {
      url: `${status.FUNCTIONS_URL}/organizations/${organization}/invitation-links`,
      method: 'POST',
      body: '{"max_uses":3}',
    }),
    {
      name: 'functions: accept an invitation',
      wanted: '≥ 0.6',
      control: accept(`${status.REST_URL}/rpc/accept_invitation`),
      ours: accept(`${status.FUNCTIONS_URL}/invitations/accept`),
      amount: () => 96,
    },
    routed('one lead', '≥ 0.6', ...create(one)),
    // Each takes a tenth of a second.
    routed('1,000 leads', '≥ 0.9', ...create(leads), (connections) => Math.max(10, 2 * connections)),
  ]
  return { pairs, end: () => sql.end() }
}

/** Many organizations with leads, and somebody who is an owner in one of them. */
async function furnish(sql: postgres.Sql, organizations: number) {
  const [organization, lead] = [crypto.randomUUID(), crypto.randomUUID()]
  const user = await sql.begin((tx) => signUp(tx, `${organization}@example.test`))
  await sql`insert into organizations (id, name, slug)
    select case when n = 0 then ${organization}::uuid else gen_random_uuid() end, 'Bench', 'bench-' || n
    from generate_series(0, ${organizations - 1}) as n`
  await sql`insert into organization_users ${sql({ organization_id: organization, user_id: user, role: 'owner' })}`
  await sql`insert into leads (id, organization_id, user_id, phone_number)
    values (${lead}, ${organization}, ${user}, '+14155550100')`
  await sql`insert into leads (organization_id, phone_number, created_at)
    select o.id, '+1415' || n, now() - n * interval '1 hour'
    from organizations as o cross join generate_series(1, ${leadsOfEach}) as n where o.slug like 'bench-%'`
  await sql`vacuum analyze`
  return { organization, user, lead }
}
