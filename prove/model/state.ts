import { isAtLeast } from '../../shared/roles.ts'
import type { Run } from './run.ts'
import { listOf, toInvitation, toMember, toRow } from './values.ts'
import { type Handle, people, type Value } from './world.ts'

/** What is stored, as the model has it. */
export function expectedState({ oracle, rows }: Run): Value {
  return {
    organizations: [...oracle.organizations].map(([organization, { name, slug, status, deleted }]) => ({
      organization,
      name,
      slug,
      status,
      deleted: deleted !== 'no',
    })),
    members: [...oracle.members].flatMap(([organization, members]) =>
      [...members].map(([person, membership]) => ({ organization, person, ...membership }))
    ),
    choices: people.flatMap((person) =>
      oracle.choices.filter((one) => one.person === person).map((one, position) => ({ ...one, position }))
    ),
    invitations: [...oracle.invitations.keys()].map((invitation) => oracle.describeInvitation(invitation)),
    entries: [...oracle.entries].map(([organization, count]) => ({ organization, count, faults: 0 })),
    rows: [...rows.all.keys()].map((row) => rows.describe(row)),
  }
}

/** What is stored, as the database owner sees it. */
export async function actualState(run: Run): Promise<Value> {
  const { names, system, tables, oracle } = run
  const organizations = [...oracle.organizations.keys()].map(names.id, names)
  const persons = people.map(names.id, names)
  const rows = tables.map((table) =>
    `'${table}', (select jsonb_agg(to_jsonb(t)) from public."${table}" as t where t.organization_id = any ($1::uuid[]))`
  )
  const [stored] = await system.owner.unsafe(
    `select
      (select jsonb_agg(o) from public.organizations as o where o.id = any ($1::uuid[])) as organizations,
      (select jsonb_agg(ou) from public.organization_users as ou
        where ou.organization_id = any ($1::uuid[]) or ou.user_id = any ($2::uuid[])) as members,
      (select jsonb_agg(a order by a.selected_at) from tenancy.active_organizations as a
        where a.user_id = any ($2::uuid[])) as choices,
      (select jsonb_agg(tenancy.to_invitation(i)) from public.organization_invitations as i
        where i.organization_id = any ($1::uuid[])) as invitations,
      (select jsonb_agg(jsonb_build_object(
          'organization_id', o.id,
          'count', (select count(*) from public.audit_log as a where a.organization_id = o.id),
          'faults', (select count(*) from tenancy.verify_audit(o.id))
        ))
        from public.organizations as o where o.id = any ($1::uuid[])) as entries,
      jsonb_build_object(${rows.join(', ')}) as rows`,
    [organizations, persons],
    { prepare: true },
  )
  const toDevice = (session: unknown) => Number(String(names.of(session)).split("'s device ")[1])
  return {
    organizations: listOf(stored?.organizations).map(({ id, name, slug, subscription_status, deleted_at }) => {
      const organization = String(names.of(id))
      // A slug that was made from the name is nobody's claim.
      const claimed = oracle.organizations.get(organization)?.slug
      return {
        organization,
        name: String(name),
        slug: claimed && String(slug),
        status: String(subscription_status),
        deleted: deleted_at !== null,
      }
    }),
    members: listOf(stored?.members).map((one) => ({
      ...Object(toMember(run, one)),
      organization: names.of(one.organization_id),
    })),
    choices: people.flatMap((person) =>
      listOf(stored?.choices).filter(({ user_id }) => names.of(user_id) === person)
        .map(({ session_id, organization_id }, position) => ({
          person,
          device: toDevice(session_id),
          organization: names.of(organization_id),
          position,
        }))
    ),
    invitations: listOf(stored?.invitations).map((one) => toInvitation(run, one)),
    entries: listOf(stored?.entries).map(({ organization_id, count, faults }) => ({
      organization: names.of(organization_id),
      count: Number(count),
      faults: Number(faults),
    })),
    rows: tables.flatMap((table) =>
      listOf(stored?.rows[table]).filter(({ id }) => names.knows(id)).map((row) => toRow(run, table, row))
    ),
  }
}

const spanning = ['organizations', 'organization_users', 'profiles', 'organization_invitations', 'audit_log']

/** What each person sees, as the model has it. */
export function expectedViews({ oracle, rows, tables }: Run): Value {
  return Object.fromEntries(people.map((person) => {
    const caller = { person, device: 0 }
    const own = oracle.organizationsOf(person)
    const isAdmin = (organization: Handle) => isAtLeast(oracle.roleOf(person, organization) ?? 'member', 'admin')
    const invitations = [...oracle.invitations].filter(([, { organization }]) => isAdmin(organization))
    const entries = [...oracle.entries].filter(([organization]) => isAdmin(organization))
    return [person, {
      organizations: [...oracle.organizations.keys()].filter((one) => oracle.isVisibleTo(person, one)),
      organization_users: own.flatMap((organization) =>
        [...oracle.members.get(organization)!].map(([person, membership]) => ({ organization, person, ...membership }))
      ),
      profiles: oracle.coMembersOf(person),
      organization_invitations: invitations.map(([invitation]) => invitation),
      audit_log: entries.flatMap(([organization, count]) => Array<Value>(count).fill(organization)),
      ...Object.fromEntries(tables.map((table) => [table, rows.visibleTo(caller, table)])),
    }]
  }))
}

/** What each person sees, as the system shows it. */
export async function actualViews({ names, oracle, system, tables, toSender }: Run): Promise<Value> {
  const views: Record<string, Value> = {}
  for (const person of people) {
    const caller = { person, device: 0 }
    const seen = await system.look(toSender(caller), [...spanning, ...tables])
    const current = oracle.currentOrganization(caller)
    const isStrange = ({ id, organization_id }: Record<string, unknown>) =>
      // Parents that were made along with a row have no name, but a place.
      names.knows(id) || names.of(organization_id) !== current
    views[person] = {
      organizations: listOf(seen.organizations).map(({ id }) => names.of(id)),
      organization_users: listOf(seen.organization_users).map((one) => ({
        ...Object(toMember({ names }, one)),
        organization: names.of(one.organization_id),
      })),
      profiles: listOf(seen.profiles).map(({ id }) => names.of(id)),
      organization_invitations: listOf(seen.organization_invitations).map(({ id }) => names.of(id)),
      audit_log: listOf(seen.audit_log).map(({ organization_id }) => names.of(organization_id)),
      ...Object.fromEntries(
        tables.map((table) => [table, listOf(seen[table]).filter(isStrange).map(({ id }) => names.of(id))]),
      ),
    }
  }
  return views
}
