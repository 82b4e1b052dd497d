import postgres from 'postgres'
import type { Status } from '../../local/state.ts'
import { startStack } from '../../tests/stack/start.ts'
import { type Foreign, settleGlobex } from './globex.ts'
import { readSchema, type Schema } from './schema.ts'

/** One of the two systems. */
export interface World {
  status: Status
  sql: postgres.Sql
}

/** Two systems that differ only in the other company's rows: the first has them. */
export interface Worlds {
  pair: [World, World]
  foreign: Foreign
  schema: Schema
  stop(): Promise<void>
}

/** Starts two stacks and lets another company live in the first one. */
export async function openWorlds(): Promise<Worlds> {
  // Nobody answers there: what the DNS of the world says is not theirs.
  const env = { DNS_OVER_HTTPS_URL: 'http://127.0.0.1:9/' }
  const stacks = await Promise.all(
    [1, 2].map(() => startStack({ seed: false, env, without: ['auth', 'web'] })),
  )
  const [first, second] = stacks.map(({ status }): World => ({
    status,
    sql: postgres(status.DB_URL, { max: 4, onnotice: () => undefined }),
  }))
  if (!first || !second) throw new Error('Two worlds need two stacks.')
  const pair: [World, World] = [first, second]
  const stop = async () => {
    await Promise.all(pair.map(({ sql }) => sql.end({ timeout: 1 })))
    await Promise.all(stacks.map((stack) => stack.stop()))
  }
  try {
    const foreign = await settleGlobex(first.sql)
    await Promise.all(pair.map(({ sql }) => sql`analyze`))
    return { pair, foreign, schema: await readSchema(second.sql), stop }
  } catch (error) {
    await stop()
    throw error
  }
}
