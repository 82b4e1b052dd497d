import { control, type Way } from './ways.ts'

/** A statement that is measured; `one` is a row with organization_id, user_id, lead_id, phone_number. */
export interface Statement {
  name: string
  /** The least role that may do it. */
  role: 'member' | 'manager'
  /** How often it is run in a turn. */
  times: number
  /** At most how many times the control; undefined: no number was set. */
  wanted?: number
  sql: (way: Way) => string
}

const own = (way: Way, table = 'l') => way.filters ? `${table}.organization_id = one.organization_id` : 'true'

/** Columns and values of new leads: the project stamps, and who does without names organization and author. */
const inserting = (way: Way, source: string) =>
  way.schema === 'bench'
    ? `insert into bench.leads (organization_id, user_id, phone_number, first_name, email)
       select one.organization_id, one.user_id, '+1555' || n, 'New', 'new@example.test' from ${source} as n`
    : `insert into public.leads (phone_number, first_name, email) select '+1555' || n, 'New', 'new@example.test' from ${source} as n`

export const statements: Statement[] = [
  {
    name: 'newest 20',
    role: 'member',
    times: 200,
    wanted: 1.35,
    sql: (way) => `perform l.* from ${way.schema}.leads as l where ${own(way)} order by l.created_at desc limit 20`,
  },
  {
    name: 'newest 20 of a status',
    role: 'member',
    times: 200,
    wanted: 1.35,
    sql: (way) =>
      `perform l.* from ${way.schema}.leads as l where ${
        own(way)
      } and l.status = 'new' order by l.created_at desc limit 20`,
  },
  {
    name: 'by id',
    role: 'member',
    times: 200,
    wanted: 1.35,
    sql: (way) => `perform l.* from ${way.schema}.leads as l where ${own(way)} and l.id = one.lead_id`,
  },
  {
    name: 'count own',
    role: 'member',
    times: 200,
    wanted: 1.35,
    sql: (way) => `perform count(*) from ${way.schema}.leads as l where ${own(way)} and l.user_id = one.user_id`,
  },
  {
    name: 'by phone number',
    role: 'member',
    times: 200,
    wanted: 1.35,
    sql: (way) => `perform l.* from ${way.schema}.leads as l where ${own(way)} and l.phone_number = one.phone_number`,
  },
  {
    name: 'newest 20 calls with their leads',
    role: 'member',
    times: 200,
    wanted: 1.35,
    sql: (way) =>
      `perform c.*, l.* from ${way.schema}.call_logs as c join ${way.schema}.leads as l on l.id = c.lead_id
       where ${own(way, 'c')} order by c.created_at desc limit 20`,
  },
  {
    name: 'insert 1',
    role: 'member',
    times: 100,
    wanted: 1.35,
    sql: (way) => inserting(way, 'generate_series(1, 1)'),
  },
  {
    name: 'insert 1,000',
    role: 'member',
    times: 4,
    wanted: 1.05,
    sql: (way) => inserting(way, 'generate_series(1, 1000)'),
  },
  {
    name: 'update by id',
    role: 'manager',
    times: 100,
    wanted: 1.6,
    sql: (way) => `update ${way.schema}.leads as l set priority = 2 where ${own(way)} and l.id = one.lead_id`,
  },
  {
    name: 'delete by id',
    role: 'manager',
    times: 100,
    wanted: 1.6,
    sql: (way) => `delete from ${way.schema}.call_logs as l where ${own(way)} and l.id = one.call_id`,
  },
]

/** The newest leads by somebody whose client names no organization; the control does, as nothing else keeps it apart. */
export const unfiltered: Statement = {
  name: 'newest 20, filter forgotten',
  role: 'member',
  times: 1,
  sql: (way) =>
    `perform l.* from ${way.schema}.leads as l where ${way.role === control.role ? own(way) : 'true'}
     order by l.created_at desc limit 20`,
}
