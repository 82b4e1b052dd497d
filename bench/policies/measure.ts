import type postgres from 'postgres'
import { median } from '../statistics.ts'
import type { Asker } from './data.ts'
import type { Statement } from './statements.ts'
import type { Way } from './ways.ts'

/** A statement as one way asks it, prepared in the database. */
export interface Prepared {
  statement: Statement
  way: Way
  run: (tx: postgres.TransactionSql, askers: Asker[]) => Promise<number>
}

/**
 * Puts a statement into a function that runs it for one asker after the other and measures each run by the server's
 * clock: a prepared statement, with no network and no client in its time.
 */
export async function prepare(admin: postgres.Sql, statement: Statement, way: Way, number: number): Promise<Prepared> {
  const name = `bench.run_${number}`
  await admin.unsafe(`
    create function ${name}(askers jsonb) returns double precision[] language plpgsql as $run$
    declare
      one record;
      begun timestamptz;
      times double precision[] := '{}';
    begin
      for one in
        select * from jsonb_to_recordset(askers)
          as a (organization_id uuid, user_id uuid, lead_id uuid, call_id uuid, phone_number text, claims text, headers text)
      loop
        perform set_config('request.jwt.claims', one.claims, true), set_config('request.headers', one.headers, true);
        begun := clock_timestamp();
        ${statement.sql(way)};
        times := times || extract(epoch from clock_timestamp() - begun)::double precision * 1e6;
      end loop;
      return times;
    end $run$;
    grant execute on function ${name}(jsonb) to ${way.role};`)
  return {
    statement,
    way,
    run: async (tx, askers) => {
      await tx.unsafe(`set local role ${way.role}`)
      for (const [setting, value] of Object.entries(way.settings ?? {})) {
        await tx.unsafe(`set local ${setting} = '${value}'`)
      }
      const [row] = await tx.unsafe<{ times: number[] }[]>(`select ${name}($1::text::jsonb) as times`, [
        JSON.stringify(askers),
      ])
      return median(row?.times ?? [])
    },
  }
}

/** Askers with what their requests say: a lead and a call of theirs, claims and headers. */
export async function equip(admin: postgres.Sql, askers: Asker[], times: number): Promise<Asker[]> {
  const many = Array.from({ length: times }, (_, n) => ({ ...askers[n % askers.length]!, n }))
  return await admin<Asker[]>`
    select a.organization_id, a.user_id, l.id as lead_id, l.phone_number, c.id as call_id,
      jsonb_build_object(
        'sub', a.user_id, 'role', 'authenticated', 'session_id', a.user_id,
        'organizations', (
          select jsonb_agg(jsonb_build_object('id', ou.organization_id, 'role', ou.role))
          from public.organization_users as ou where ou.user_id = a.user_id
        )
      )::text as claims,
      jsonb_build_object('x-organization-id', a.organization_id)::text as headers
    from jsonb_to_recordset(${JSON.stringify(many)}::text::jsonb) as a (organization_id uuid, user_id uuid, n int)
    cross join lateral (
      select * from bench.leads as l where l.organization_id = a.organization_id order by l.created_at desc
      offset a.n / ${askers.length}::int % 20 limit 1
    ) as l
    cross join lateral (
      select * from bench.call_logs as c where c.organization_id = a.organization_id order by c.created_at desc
      offset a.n / ${askers.length}::int % 20 limit 1
    ) as c
    order by a.n`
}

/** Microseconds of each way, a median a round; interleaved, in another order each round, after one to warm up. */
export async function measure(
  client: postgres.Sql,
  ways: Prepared[],
  askers: Asker[],
  rounds: number,
): Promise<number[][]> {
  const times: number[][] = ways.map(() => [])
  for (let round = -1; round < rounds; round++) {
    for (const at of ways.map((_, n) => (n + round + ways.length) % ways.length)) {
      const took = await undone(client, (tx) => ways[at]!.run(tx, askers))
      if (round >= 0) times[at]!.push(took)
    }
  }
  return times
}

class Undo extends Error {}

/** What a transaction answers that leaves nothing behind. */
async function undone(client: postgres.Sql, story: (tx: postgres.TransactionSql) => Promise<number>): Promise<number> {
  let answer = NaN
  await client.begin(async (tx) => {
    answer = await story(tx)
    throw new Undo()
  }).catch((cause) => {
    if (!(cause instanceof Undo)) throw cause
  })
  return answer
}
