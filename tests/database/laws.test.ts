import { expect, it } from 'vitest'
import { problems } from '../../shared/problems.ts'
import { roles } from '../../shared/roles.ts'
import { reservedSlugs, Slug } from '../../shared/contract/slug.ts'
import { sql } from './support/database.ts'

// What must hold for every object, found in the catalog and not in a list: what is added tomorrow is covered.

it('every table of the API has row-level security, enabled and forced', async () => {
  const open =
    await sql`select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
    and not (relrowsecurity and relforcerowsecurity)`
  expect(open).toEqual([])
})

it('every policy is for one command, permissive, for signed-in people, and alone', async () => {
  const odd = await sql`select tablename, policyname from pg_policies where schemaname = 'public'
    and (permissive <> 'PERMISSIVE' or cmd = 'ALL' or roles <> '{authenticated}' or policyname <> tablename || '_' || lower(cmd))`
  expect(odd).toEqual([])
  const doubled =
    await sql`select tablename, cmd from pg_policies where schemaname = 'public' group by 1, 2 having count(*) > 1`
  expect(doubled).toEqual([])
})

it('nobody holds a grant that row-level security does not bound', async () => {
  const grants = await sql`
    select c.relname, acl.grantee::regrole::text as grantee, acl.privilege_type
    from pg_class as c cross join aclexplode(c.relacl) as acl
    where c.relnamespace = 'public'::regnamespace and acl.grantee <> c.relowner
      and (acl.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
        or acl.grantee = 0 or acl.grantee::regrole::text not in ('authenticated', 'service_role'))`
  expect(grants).toEqual([])
})

it('people read the tables that span organizations, and change none of them', async () => {
  const grants = await sql`
    select c.relname, array_agg(distinct acl.privilege_type) as privileges
    from tenancy.spanning_tables as s join pg_class as c on c.oid = format('%I.%I', s.table_schema, s.table_name)::regclass
    cross join aclexplode(c.relacl) as acl where acl.grantee = 'authenticated'::regrole group by 1 order by 1`
  expect(grants).toEqual(
    ['organization_invitations', 'organization_users', 'organizations', 'profiles'].map((relname) => ({
      relname,
      privileges: ['SELECT'],
    })),
  )
})

it('the secret key may do everything with rows, and nothing more, in every table', async () => {
  const short = await sql`
    select c.relname from pg_class as c
    left join aclexplode(c.relacl) as acl on acl.grantee = 'service_role'::regrole
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') group by 1
    having array_agg(acl.privilege_type order by acl.privilege_type) is distinct from array['DELETE', 'INSERT', 'SELECT', 'UPDATE']`
  expect(short).toEqual([])
})

it('nobody reaches a table of the engine', async () => {
  const grants = await sql`select c.relname from pg_class as c cross join aclexplode(c.relacl) as acl
    where c.relnamespace = 'tenancy'::regnamespace and acl.grantee <> c.relowner`
  expect(grants).toEqual([])
})

it('no definer function is in the API, and every function pins its search path', async () => {
  const definers = await sql`select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef`
  expect(definers).toEqual([])
  const unpinned =
    await sql`select proname from pg_proc where pronamespace in ('public'::regnamespace, 'tenancy'::regnamespace)
    and not coalesce('search_path=""' = any (proconfig), false)`
  expect(unpinned).toEqual([])
})

const callable = (role: string, schema: string) =>
  sql`select proname from pg_proc where pronamespace = ${schema}::regnamespace
    and has_function_privilege(${role}, oid, 'execute') order by 1`.then((rows) => rows.map((row) => row.proname))

it('the engine can be named by those who call into it, and created in by nobody', async () => {
  const rights = await sql`select role, has_schema_privilege(role, 'tenancy', 'usage') as use,
    has_schema_privilege(role, 'tenancy', 'create') as make
    from unnest(array['anon', 'authenticated', 'service_role']) as role`
  expect(rights).toEqual(['anon', 'authenticated', 'service_role'].map((role) => ({ role, use: true, make: false })))
})

it('nobody who comes through the API can make temporary types, which would be found before any other', async () => {
  const rights = await sql`select role from unnest(array['anon', 'authenticated', 'service_role']) as role
    where has_database_privilege(role, current_database(), 'temporary')`
  expect(rights).toEqual([])
})

it('anon may preview an invitation and ask whether the database is there', async () => {
  expect(await callable('anon', 'public')).toEqual(['preview_invitation', 'ready'])
  expect(await callable('anon', 'tenancy')).toEqual(['check_request', 'preview_invitation'])
})

const entryPoints = [
  'accept_invitation',
  'active_organization',
  'clear_active_organization',
  'create_invitation',
  'create_organization',
  'decline_invitation',
  'delete_organization',
  'get_organization',
  'list_invitations',
  'list_members',
  'list_organizations',
  'my_invitations',
  'preview_invitation',
  'resend_invitation',
  'restore_organization',
  'revoke_invitation',
  'set_active_organization',
  'update_organization',
]
const helpers = ['get_user_org_role', 'get_user_organizations', 'is_org_admin', 'user_in_organization']
const policyQuestions = [
  'check_request',
  'calendar_overview',
  'co_member_ids',
  'current_organization_id',
  'member_organization_ids',
  'visible_organization_ids',
]

it('signed-in people may call the entry points, the helpers and what policies ask, and nothing else', async () => {
  expect(await callable('authenticated', 'public')).toEqual([...entryPoints, ...helpers, 'ready'].sort())
  expect(await callable('authenticated', 'tenancy')).toEqual([...entryPoints, ...policyQuestions].sort())
})

it('the secret key has no entry points: it acts for nobody', async () => {
  expect(await callable('service_role', 'public')).toEqual([...helpers, 'ready'].sort())
  expect(await callable('service_role', 'tenancy')).toEqual([
    'check_request',
    'is_email',
    'is_readable_line',
    'is_slug',
    'is_small_object',
    'is_time_zone',
    'reserved_slugs',
  ])
})

it('every table and every function says what it is for', async () => {
  const silent = await sql`
    select relname as name from pg_class where relnamespace in ('public'::regnamespace, 'tenancy'::regnamespace)
      and relkind in ('r', 'v') and obj_description(oid, 'pg_class') is null
    union all
    select proname from pg_proc where pronamespace in ('public'::regnamespace, 'tenancy'::regnamespace)
      and obj_description(oid, 'pg_proc') is null`
  expect(silent).toEqual([])
})

it('problem codes and roles are the same in SQL and TypeScript', async () => {
  const raised = await sql`select code, status from tenancy.problems`
  expect(raised.length).toBeGreaterThan(10)
  for (const { code, status } of raised) {
    expect(problems, code).toHaveProperty(code)
    expect(problems[code as keyof typeof problems].status, code).toBe(status)
  }
  const [{ role_names }] = await sql`select enum_range(null::organization_role)::text[] as role_names` as [
    { role_names: string[] },
  ]
  expect(role_names.reverse()).toEqual(roles)
})

it('the grammar of slugs is the same in SQL and TypeScript', async () => {
  const [{ reserved }] = await sql`select tenancy.reserved_slugs() as reserved` as [{ reserved: string[] }]
  expect([...reserved].sort()).toEqual([...reservedSlugs].sort())
  const samples = [
    'a',
    'ab',
    'a'.repeat(50),
    'a'.repeat(51),
    'a-b',
    'a--b',
    '-ab',
    'ab-',
    'A-b',
    'a b',
    'a.b',
    'ä',
    'ab\n',
    '1a',
    'a_b',
    '%2e',
    crypto.randomUUID(),
    `x${crypto.randomUUID()}`,
    '',
    '🙂🙂',
  ]
  for (const slug of samples) {
    const [{ valid }] = await sql`select tenancy.is_slug(${slug}) as valid` as [{ valid: boolean }]
    expect(Slug.safeParse(slug).success, JSON.stringify(slug)).toBe(valid)
  }
})
