import type { Way } from './ways.ts'

/** What a statement may name of whoever asks, with its type. */
export const types = {
  organization_id: 'uuid',
  user_id: 'uuid',
  lead_id: 'uuid',
  own_lead_id: 'uuid',
  call_id: 'uuid',
  phone_number: 'text',
}
export type Name = keyof typeof types

/** A statement that is measured; `{name}` stands for what it names. */
export interface Statement {
  name: string
  /** The least role that may do it. */
  role: 'member' | 'manager' | 'owner'
  /** How often it is run in a turn. */
  times: number
  /** At most how many times the control; undefined: no number was set. */
  wanted?: number
  sql: (way: Way) => string
}

const own = (way: Way, table = 'l') => way.filters ? `${table}.organization_id = {organization_id}` : 'true'

/** Columns and values of new leads: the project stamps, and who does without names organization and author. */
const inserting = (way: Way, source: string) =>
  way.filters
    ? `insert into ${way.schema}.leads (organization_id, user_id, phone_number, first_name, email)
       select {organization_id}, {user_id}, '+1555' || n, 'New', 'new@example.test' from ${source} as n`
    : `insert into public.leads (phone_number, first_name, email)
       select '+1555' || n, 'New', 'new@example.test' from ${source} as n`

export const statements: Statement[] = [
  {
    name: 'newest 20',
    role: 'member',
    times: 40,
    wanted: 1.35,
    sql: (way) => `select l.* from ${way.schema}.leads as l where ${own(way)} order by l.created_at desc limit 20`,
  },
  {
    name: 'newest 20 of a status',
    role: 'member',
    times: 40,
    wanted: 1.35,
    sql: (way) =>
      `select l.* from ${way.schema}.leads as l where ${own(way)} and l.status = 'new'
       order by l.created_at desc limit 20`,
  },
  {
    name: 'by id',
    role: 'member',
    times: 40,
    wanted: 1.35,
    sql: (way) => `select l.* from ${way.schema}.leads as l where ${own(way)} and l.id = {lead_id}`,
  },
  {
    name: 'count own',
    role: 'member',
    times: 40,
    wanted: 1.35,
    sql: (way) => `select count(*) from ${way.schema}.leads as l where ${own(way)} and l.user_id = {user_id}`,
  },
  {
    name: 'by phone number',
    role: 'member',
    times: 40,
    wanted: 1.35,
    sql: (way) => `select l.* from ${way.schema}.leads as l where ${own(way)} and l.phone_number = {phone_number}`,
  },
  {
    name: 'newest 20 calls with their leads',
    role: 'member',
    times: 40,
    wanted: 1.35,
    sql: (way) =>
      `select c.*, l.* from ${way.schema}.call_logs as c
       join ${way.schema}.leads as l on l.organization_id = c.organization_id and l.id = c.lead_id
       where ${own(way, 'c')} order by c.created_at desc limit 20`,
  },
  {
    name: 'insert 1',
    role: 'member',
    times: 40,
    wanted: 1.35,
    sql: (way) => inserting(way, 'generate_series(1, 1)'),
  },
  {
    name: 'insert 1,000',
    role: 'member',
    times: 2,
    wanted: 1.05,
    sql: (way) => inserting(way, 'generate_series(1, 1000)'),
  },
  {
    name: "update by id, somebody else's, as manager",
    role: 'manager',
    times: 40,
    wanted: 1.6,
    sql: (way) => `update ${way.schema}.leads as l set priority = 2 where ${own(way)} and l.id = {lead_id}`,
  },
  {
    name: "update by id, one's own, as manager",
    role: 'manager',
    times: 40,
    wanted: 1.6,
    sql: (way) => `update ${way.schema}.leads as l set priority = 2 where ${own(way)} and l.id = {own_lead_id}`,
  },
  {
    name: 'delete a call by id, as owner',
    role: 'owner',
    times: 40,
    wanted: 1.6,
    sql: (way) => `delete from ${way.schema}.call_logs as l where ${own(way)} and l.id = {call_id}`,
  },
]

/** The newest leads by somebody whose client names no organization; the controls do, as nothing else keeps them apart. */
export const unfiltered: Statement = {
  name: 'newest 20, filter forgotten',
  role: 'member',
  times: 4,
  sql: (way) =>
    `select l.* from ${way.schema}.leads as l
     where ${way.claims ? 'true' : own(way)}
     order by l.created_at desc limit 20`,
}

/** How a statement is asked with parameters, and what they are in order. */
export function withParameters(sql: string): { sql: string; names: Name[] } {
  const names: Name[] = []
  const asked = sql.replaceAll(/\{([a-z_]+)\}/g, (_, name: Name) => {
    if (!names.includes(name)) names.push(name)
    return `$${names.indexOf(name) + 1}::${types[name]}`
  })
  return { sql: asked, names }
}
