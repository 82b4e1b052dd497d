import type postgres from 'postgres'
import type { ProtectedTable } from '../../shared/roles.ts'
import { rowFor, samples } from '../../tests/database/support/rows.ts'
import type { Actor } from './cells.ts'

/** Who has an account: all actors but the one without and the one that needs none. */
export const people = ['owner', 'admin', 'manager', 'member', 'suspended', 'removed', 'stranger', 'nowhere'] as const

/** Somebody with an account. */
export type Person = (typeof people)[number]

/** Whether an actor has an account. */
export const isPerson = (actor: Actor): actor is Person => people.some((person) => person === actor)

/** Acme with everybody who has to do with it, and Globex, which the stranger owns. */
export interface Stage {
  users: Record<Person, string>
  acme: string
  globex: string
}

/** A stage for one table: what its rows say, parents included, and the row of Globex, which the stranger wrote. */
export interface TableStage extends Stage {
  table: ProtectedTable
  authored: boolean
  /** The values of a row of Acme; no two of them are there at once. */
  ours: Record<string, string>
  /** The values of the row of Globex. */
  theirs: Record<string, string>
  theirId: string
  /** The id that the row of Acme gets, when it is there. */
  ourId: string
  /** The id that a row gets which a command adds. */
  newId: string
}

type Connection = postgres.Sql | postgres.TransactionSql

/** Makes the people and the two companies, as the database owner would. */
export async function setStage(sql: Connection): Promise<Stage> {
  const id = () => crypto.randomUUID()
  const users: Record<Person, string> = {
    owner: id(),
    admin: id(),
    manager: id(),
    member: id(),
    suspended: id(),
    removed: id(),
    stranger: id(),
    nowhere: id(),
  }
  const [acme, globex] = [id(), id()]
  const accounts = people.map((person) => ({
    id: users[person],
    aud: 'authenticated',
    role: 'authenticated',
    email: `${person}.${users[person].slice(0, 8)}@example.test`,
    email_confirmed_at: new Date(),
    created_at: new Date(),
  }))
  const join = (person: Person, role: string, organization_id = acme, suspended_at: Date | null = null) => ({
    organization_id,
    user_id: users[person],
    role,
    suspended_at,
  })
  const memberships = [
    join('owner', 'owner'),
    join('admin', 'admin'),
    join('manager', 'manager'),
    join('member', 'member'),
    join('suspended', 'admin', acme, new Date()),
    join('removed', 'admin'),
    join('stranger', 'owner', globex),
  ]
  await Promise.all([
    sql`insert into auth.users ${sql(accounts)}`,
    sql`insert into organizations ${
      sql([
        { id: acme, name: 'Acme', slug: `acme-${acme.slice(0, 8)}` },
        { id: globex, name: 'Globex', slug: `globex-${globex.slice(0, 8)}` },
      ])
    }`,
    sql`insert into organization_users ${sql(memberships)}`,
    sql`delete from organization_users where user_id = ${users.removed}`,
  ])
  return { users, acme, globex }
}

/** Makes a stage for the cells of one table. */
export async function setTableStage(sql: Connection, table: ProtectedTable): Promise<TableStage> {
  const stage = await setStage(sql)
  const authored = !samples[table].authorless
  const [ours, theirs] = await Promise.all([rowFor(sql, table, stage.acme), rowFor(sql, table, stage.globex)])
  const theirId = crypto.randomUUID()
  const author = authored ? { user_id: stage.users.stranger } : {}
  await sql`insert into ${sql(table)} ${sql({ ...theirs, id: theirId, organization_id: stage.globex, ...author })}`
  return { ...stage, table, authored, ours, theirs, theirId, ourId: crypto.randomUUID(), newId: crypto.randomUUID() }
}

/** Takes a stage and everything on it away again. */
export async function clearStage(sql: Connection, { users, acme, globex }: Stage): Promise<void> {
  await sql`delete from organizations where id in ${sql([acme, globex])}`
  await sql`delete from auth.users where id in ${sql(Object.values(users))}`
}
