import type postgres from 'postgres'
import { attempt, type Outcome, type Transaction } from './outcome.ts'

/** alice owns Acme, adam is its admin, mona its manager, mia its member; bob owns Globex; eve belongs nowhere. */
export const people = ['alice', 'adam', 'mona', 'mia', 'bob', 'eve'] as const
export type Person = (typeof people)[number]
/** Whoever can ask: a person, or nobody at all. */
export type Actor = Person | 'anon'

/** The ids of the people and of the two companies, made anew for one transaction. */
export interface Cast {
  users: Record<Person, string>
  acme: string
  globex: string
}

const rolesAtAcme = { alice: 'owner', adam: 'admin', mona: 'manager', mia: 'member' } as const

const newUser = (email: string, confirmed = true) => ({
  id: crypto.randomUUID(),
  aud: 'authenticated',
  role: 'authenticated',
  email,
  email_confirmed_at: confirmed ? new Date() : null,
  created_at: new Date(),
})

/** Signs somebody up, with a verified address. */
export async function signUp(tx: Transaction, email: string, confirmed = true): Promise<string> {
  const user = newUser(email, confirmed)
  await tx`insert into auth.users ${tx(user)}`
  return user.id
}

// With seats for whoever a test lets join: about seats there are tests of their own.
function newOrganization(name: string) {
  const id = crypto.randomUUID()
  return { id, name, slug: `${name.toLowerCase()}-${id.slice(0, 8)}`, max_users: 100 }
}

/** Founds an organization as the database owner would. */
export async function found(tx: Transaction, name: string): Promise<string> {
  const organization = newOrganization(name)
  await tx`insert into organizations ${tx(organization)}`
  return organization.id
}

/** The address of somebody of the cast that has this mark. */
export const addressOf = (person: Person, mark: string): string => `${person}.${mark}@example.test`

/** Brings the cast on stage. */
export async function stage(tx: Transaction, mark = crypto.randomUUID().slice(0, 8)): Promise<Cast> {
  const everybody = people.map((person) => newUser(addressOf(person, mark)))
  const users = Object.fromEntries(people.map((person, n) => [person, everybody[n]?.id])) as Record<Person, string>
  const [acme, globex] = [newOrganization('Acme'), newOrganization('Globex')]
  const memberOf = ({ id }: { id: string }, person: Person, role: string) => ({
    organization_id: id,
    user_id: users[person],
    role,
  })
  const members = [
    ...Object.entries(rolesAtAcme).map(([person, role]) => memberOf(acme, person as Person, role)),
    memberOf(globex, 'bob', 'owner'),
  ]
  // Sent at once: waiting for each answer would be most of it.
  await Promise.all([
    tx`insert into auth.users ${tx(everybody)}`,
    tx`insert into organizations ${tx([acme, globex])}`,
    tx`insert into organization_users ${tx(members)}`,
  ])
  return { users, acme: acme.id, globex: globex.id }
}

/** Makes somebody a member, as the database owner would. */
export async function join(tx: Transaction, organization: string, user: string, role: string): Promise<void> {
  await tx`insert into organization_users (organization_id, user_id, role) values (${organization}, ${user}, ${role})`
}

/** What the Data API tells the database about a request. */
export interface Request {
  /** The header x-organization-id, as it arrived. */
  organization?: string
  /** The auth session of the token. */
  session?: string
}

/** Runs one statement as the Data API would for this person, and says what came of it. */
export async function as(
  tx: Transaction,
  cast: Cast,
  actor: Actor,
  statement: (tx: Transaction) => Promise<postgres.RowList<postgres.Row[]>>,
  request: Request = {},
): Promise<Outcome> {
  const role = actor === 'anon' ? 'anon' : 'authenticated'
  const claims = actor === 'anon' ? { role } : { role, sub: cast.users[actor], session_id: request.session }
  const headers = request.organization === undefined ? {} : { 'x-organization-id': request.organization }
  return await attempt(tx, async (tx) => {
    // Sent at once: waiting for each answer would be most of a test. A refusal takes the role back with the rest.
    const [, rows] = await Promise.all([
      tx`select set_config('request.jwt.claims', ${JSON.stringify(claims)}, true),
        set_config('request.headers', ${JSON.stringify(headers)}, true), set_config('role', ${role}, true)`,
      statement(tx),
    ])
    await tx`select set_config('role', 'postgres', true), set_config('request.jwt.claims', '', true),
      set_config('request.headers', '', true)`
    return rows
  })
}
