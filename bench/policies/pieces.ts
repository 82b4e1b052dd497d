import type postgres from 'postgres'
import { median } from '../statistics.ts'
import { drawPeople, equip } from './askers.ts'
import { prepareInside, runInside } from './measure.ts'
import { type Statement, statements } from './statements.ts'
import { control, ours, type Way } from './ways.ts'

/** Something that is taken out, or tried, and what it is asked of. */
interface Piece {
  name: string
  way: Way
  change: string
}

/** Microseconds inside the server: with everything, and for each piece without it. */
export interface Pieces {
  statement: string
  whole: number[]
  without: { name: string; times: number[] }[]
}

const noTrigger = (table: string, trigger: string) => `alter table public.${table} disable trigger ${trigger}`
const noKey = (table: string, name: string) => `alter table public.${table} drop constraint ${name}`

/** Where a column's rows come in order of time, in the first six bytes of its id. */
const timeOrdered = `alter table public.leads alter column id set default encode(
  set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1),
  'hex')::uuid`

const policies: Piece = {
  name: 'policies',
  way: ours,
  change:
    'alter table public.leads disable row level security; alter table public.call_logs disable row level security',
}
const inserts: Piece[] = [
  policies,
  { name: 'both, policies and stamping (explicit values, by nobody)', way: control, change: 'select 1' },
  { name: 'counting in the usage', way: ours, change: noTrigger('leads', 'count_leads_on_insert') },
  { name: 'texts for the search', way: ours, change: noTrigger('leads', 'keep_texts_of_new') },
  { name: 'the key to the organization', way: ours, change: noKey('leads', 'leads_belong_to_an_organization') },
  {
    name: 'the unique index of (organization_id, id)',
    way: ours,
    change: `${noKey('leads', 'leads_are_unique_in_their_organization')} cascade`,
  },
  { name: 'ids by chance (time-ordered ones instead)', way: ours, change: timeOrdered },
]
const asked: Record<string, Piece[]> = {
  'insert 1': inserts,
  'insert 1,000': inserts,
  "update by id, somebody else's, as manager": [
    policies,
    { name: 'the trigger refuse_move', way: ours, change: noTrigger('leads', 'refuse_move') },
    { name: 'the trigger of updated_at', way: ours, change: noTrigger('leads', 'leads_set_updated_at') },
    { name: 'the text for the search', way: ours, change: noTrigger('leads', 'keep_text') },
  ],
  'delete a call by id, as owner': [
    policies,
    {
      name: 'counting, in the usage and for the quota',
      way: ours,
      change: noTrigger('call_logs', 'count_calls_on_delete'),
    },
  ],
}

/** What each part of a write costs, by taking it out: interleaved, in a transaction that brings it back. */
export async function measurePieces(admin: postgres.Sql, turns: number): Promise<Pieces[]> {
  const found: Pieces[] = []
  for (const [place, statement] of statements.filter(({ name }) => asked[name]).entries()) {
    found.push(await measureOne(admin, statement, `pieces_${place}`, turns))
  }
  return found
}

async function measureOne(admin: postgres.Sql, statement: Statement, name: string, turns: number): Promise<Pieces> {
  const askers = await equip(admin, await drawPeople(admin, statement.role, 20), statement.times)
  const functions = new Map<Way, string>([[ours, `${name}_ours`], [control, `${name}_control`]])
  for (const [way, called] of functions) await prepareInside(admin, called, statement, way)
  const pieces = asked[statement.name] ?? []
  const whole: number[] = []
  const without = pieces.map((piece) => ({ name: piece.name, times: [] as number[] }))
  for (let turn = -1; turn < turns; turn++) {
    const taken = await runInside(admin, `${name}_ours`, ours, askers)
    if (turn >= 0) whole.push(taken)
    for (const [at, { way, change }] of pieces.entries()) {
      const less = await runInside(admin, functions.get(way) ?? '', way, askers, change)
      if (turn >= 0) without[at]!.times.push(less)
    }
  }
  return { statement: statement.name, whole, without }
}

/** One row a piece: what is left without it, of what there is with it. */
export const rowsOf = ({ statement, whole, without }: Pieces): string[][] => [
  [statement, '(everything)', median(whole).toFixed(0), ''],
  ...without.map(({ name, times }) => [
    '',
    name,
    median(times).toFixed(0),
    `${(100 * median(whole.map((time, turn) => 1 - times[turn]! / time))).toFixed(0)} %`,
  ]),
]
