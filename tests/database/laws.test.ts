import { expect, it } from 'vitest'
import { problems } from '../../shared/problems.ts'
import { roles } from '../../shared/roles.ts'
import { reservedSlugs, Slug } from '../../shared/contract/slug.ts'
import { sql } from './support/database.ts'

// What keeps organizations apart is proven by tenancy.verify() (tests/laws). Here is what else must hold for every object,
// found in the catalog and not in a list: what is added tomorrow is covered.

const callable = (role: string, schema: string) =>
  sql`select proname from pg_proc where pronamespace = ${schema}::regnamespace
    and has_function_privilege(${role}, oid, 'execute') order by 1`.then((rows) => rows.map((row) => row.proname))

it('the engine can be named by those who call into it', async () => {
  const rights = await sql`select role from unnest(array['anon', 'authenticated', 'service_role']) as role
    where has_schema_privilege(role, 'tenancy', 'usage')`
  expect(rights).toHaveLength(3)
})

it('anon may preview an invitation, read the plans, see a branding and ask whether the database is there', async () => {
  expect(await callable('anon', 'public')).toEqual(['find_branding', 'list_plans', 'preview_invitation', 'ready'])
  expect(await callable('anon', 'tenancy')).toEqual(
    ['check_request', 'find_branding', 'list_plans', 'preview_invitation', ...attempts].sort(),
  )
})

const entryPoints = [
  'accept_invitation',
  'accept_received_invitation',
  'active_organization',
  'approve_join_request',
  'change_member',
  'check_audit',
  'claim_domain',
  'clear_active_organization',
  'create_invitation',
  'create_invitation_link',
  'create_lead_field',
  'create_organization',
  'create_records',
  'decline_invitation',
  'decline_received_invitation',
  'delete_organization',
  'domain_to_verify',
  'export_audit',
  'find_branding',
  'get_branding',
  'get_organization',
  'get_usage',
  'host_to_verify',
  'join_organization',
  'joinable_organizations',
  'link_customer',
  'list_audit',
  'list_domains',
  'list_invitations',
  'list_join_requests',
  'list_lead_fields',
  'list_members',
  'list_organizations',
  'list_plans',
  'list_usage',
  'my_invitations',
  'preview_invitation',
  'preview_plan',
  'reactivate_member',
  'refuse_join_request',
  'remove_domain',
  'remove_lead_field',
  'remove_member',
  'resend_invitation',
  'restore_organization',
  'revoke_invitation',
  'search_leads',
  'set_active_organization',
  'start_checkout',
  'start_portal',
  'suspend_member',
  'transfer_ownership',
  'update_branding',
  'update_domain',
  'update_lead_field',
  'update_organization',
  'verify_domain',
  'verify_host',
]
const helpers = ['get_user_org_role', 'get_user_organizations', 'is_org_admin', 'user_in_organization']
const policyQuestions = [
  'check_request',
  'calendar_overview',
  'co_member_ids',
  'current_organization_id',
  'logo_folders',
  'member_organization_ids',
  'visible_organization_ids',
]
// Of kept there are two: for JSON, and for text that stays as it is.
const retries = ['insert_statement', 'kept', 'kept', 'replayed', 'replayed_text']
const searches = ['find_leads']
const attempts = ['failed_attempt', 'require_attempts_left']

it('signed-in people may call the entry points, the helpers and what policies and retries ask, and nothing else', async () => {
  expect(await callable('authenticated', 'public')).toEqual([...entryPoints, ...helpers, 'ready'].sort())
  expect(await callable('authenticated', 'tenancy')).toEqual(
    [...entryPoints, ...policyQuestions, ...attempts, ...retries, ...searches].sort(),
  )
})

it('the secret key has what webhooks ask, and no entry points: it acts for nobody', async () => {
  const webhookQuestions = ['process_sign_up', 'read_ending', 'read_notice', 'receive_stripe_event']
  expect(await callable('service_role', 'public')).toEqual([...helpers, ...webhookQuestions, 'ready'].sort())
  expect(await callable('service_role', 'tenancy')).toEqual([
    'are_choices',
    'are_domains',
    'check_request',
    'is_domain',
    'is_email',
    'is_readable_line',
    'is_slug',
    'is_small_object',
    'is_time_zone',
    ...webhookQuestions,
    'reserved_slugs',
    'verify_audit',
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
