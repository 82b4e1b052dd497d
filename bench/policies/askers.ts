import type postgres from 'postgres'
import type { Name } from './statements.ts'

/** Who asks: somebody of one organization. */
export interface Person {
  organization_id: string
  user_id: string
}

/** Somebody with rows that a statement can name, and with what their request says. */
export interface Asker extends Record<Name, string> {
  claims: string
  headers: string
}

/** Some people who ask, of organizations that were drawn by chance; the biggest is not among them. */
export const drawPeople = (admin: postgres.Sql, role: string, count: number): Promise<Person[]> =>
  admin<Person[]>`
    select ou.organization_id, ou.user_id from public.organization_users as ou
    join bench.organizations as o on o.id = ou.organization_id
    where ou.role = ${role}::public.organization_role and o.n > 0
    order by hashtext(ou.user_id::text), ou.user_id limit ${count}`

/** Somebody of the biggest organization. */
export const personOfBiggest = async (admin: postgres.Sql): Promise<Person> =>
  (await admin<Person[]>`
    select ou.organization_id, ou.user_id from public.organization_users as ou
    join bench.organizations as o on o.id = ou.organization_id
    where ou.role = 'manager' and o.n = 0`)[0]!

/** Makes a person owner of this many organizations; without choosing one of them, they act in the given one by header. */
export async function joinMany(admin: postgres.Sql, user: string, count: number): Promise<void> {
  await admin.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`insert into public.organization_users (organization_id, user_id, role)
      select id, ${user}, 'owner' from bench.organizations where n > 0 order by hashtext(id::text), id limit ${count}
      on conflict do nothing`
  })
}

// As long as what comes from Supabase's Auth and a browser: parsing it is part of what row-level security costs.
const claims = {
  aud: 'authenticated',
  exp: 4102444800,
  iat: 1767225600,
  iss: 'https://abcdefghijklmnopqrst.supabase.co/auth/v1',
  email: 'somebody@example.test',
  phone: '',
  app_metadata: { provider: 'email', providers: ['email'] },
  user_metadata: {
    email: 'somebody@example.test',
    email_verified: true,
    full_name: 'Somebody Else',
    phone_verified: false,
  },
  role: 'authenticated',
  aal: 'aal1',
  amr: [{ method: 'password', timestamp: 1767225600 }],
  is_anonymous: false,
}
const headers = {
  host: 'abcdefghijklmnopqrst.supabase.co',
  accept: '*/*',
  'accept-encoding': 'gzip, br',
  'accept-language': 'en-GB,en;q=0.9,de;q=0.8',
  'accept-profile': 'public',
  apikey: `sb_publishable_${'x'.repeat(31)}`,
  authorization: `Bearer ${'x'.repeat(900)}`,
  'cf-connecting-ip': '203.0.113.7',
  'cf-ipcountry': 'DE',
  'cf-ray': '8f1f2f3f4f5f6f7f-FRA',
  origin: 'https://app.example.test',
  referer: 'https://app.example.test/',
  'sec-fetch-mode': 'cors',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'x-client-info': 'supabase-js-web/2.119.1',
  'x-forwarded-for': '203.0.113.7,203.0.113.7',
  'x-forwarded-proto': 'https',
}

/** These people, this many times over, each time with other rows of theirs. */
export async function equip(admin: postgres.Sql, people: Person[], times: number): Promise<Asker[]> {
  const many = Array.from({ length: times }, (_, n) => ({
    ...people[n % people.length]!,
    n,
    place: Math.floor(n / people.length) % 20,
  }))
  const rows = await admin<(Record<Name, string> & { organizations: { id: string; role: string }[] })[]>`
    select a.organization_id, a.user_id, l.id as lead_id, l.phone_number, m.id as own_lead_id,
      coalesce(c.id, '00000000-0000-0000-0000-000000000000') as call_id, (
        select jsonb_agg(jsonb_build_object('id', ou.organization_id, 'role', ou.role))
        from public.organization_users as ou where ou.user_id = a.user_id
      ) as organizations
    from jsonb_to_recordset(${JSON.stringify(many)}::text::jsonb)
      as a (organization_id uuid, user_id uuid, n integer, place integer)
    cross join lateral (
      select * from public.leads as l where l.organization_id = a.organization_id and l.user_id <> a.user_id
      order by l.created_at desc offset a.place limit 1
    ) as l
    cross join lateral (
      select * from public.leads as l where l.organization_id = a.organization_id and l.user_id = a.user_id
      order by l.created_at desc offset a.place % 5 limit 1
    ) as m
    left join lateral (
      select * from public.call_logs as c where c.organization_id = a.organization_id
      order by c.created_at desc offset a.place limit 1
    ) as c on true
    order by a.n`
  return rows.map(({ organizations, ...row }) => ({
    ...row,
    // Only the peer that believes the token reads its organizations; the others parse them along.
    claims: JSON.stringify({ ...claims, sub: row.user_id, session_id: row.user_id, organizations }),
    headers: JSON.stringify({ ...headers, 'x-organization-id': row.organization_id }),
  }))
}
