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

/** Signs somebody up, with a verified address. */
export async function signUp(tx: Transaction, email: string, confirmed = true): Promise<string> {
  const id = crypto.randomUUID()
  await tx`insert into auth.users ${
    tx({
      id,
      aud: 'authenticated',
      role: 'authenticated',
      email,
      email_confirmed_at: confirmed ? new Date() : null,
      created_at: new Date(),
    })
  }`
  return id
}

/** Founds an organization as the database owner would. */
export async function found(tx: Transaction, name: string): Promise<string> {
  const id = crypto.randomUUID()
  const slug = `${name.toLowerCase()}-${id.slice(0, 8)}`
  // With seats for whoever a test lets join: about seats there are tests of their own.
  await tx`insert into organizations (id, name, slug, max_users) values (${id}, ${name}, ${slug}, 100)`
  return id
}

/** Brings the cast on stage. */
export async function stage(tx: Transaction): Promise<Cast> {
  const users: Partial<Record<Person, string>> = {}
  for (const name of people) users[name] = await signUp(tx, `${name}.${crypto.randomUUID().slice(0, 8)}@example.test`)
  const cast = {
    users: users as Record<Person, string>,
    acme: await found(tx, 'Acme'),
    globex: await found(tx, 'Globex'),
  }
  for (const [name, role] of Object.entries(rolesAtAcme)) {
    await join(tx, cast.acme, cast.users[name as Person], role)
  }
  await join(tx, cast.globex, cast.users.bob, 'owner')
  return cast
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
  await tx`select set_config('request.jwt.claims', ${JSON.stringify(claims)}, true),
    set_config('request.headers', ${JSON.stringify(headers)}, true), set_config('role', ${role}, true)`
  const outcome = await attempt(tx, statement)
  await tx`select set_config('role', 'postgres', true), set_config('request.jwt.claims', '', true),
    set_config('request.headers', '', true)`
  return outcome
}
