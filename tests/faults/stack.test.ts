import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { homeOf } from '../../local/database/account.ts'
import { root } from '../../local/settings.ts'
import type { State } from '../../local/state.ts'
import { freePortOffset, removeData, StartFailure, startStack, type TestStack } from '../stack/start.ts'

// What `npm start` says when it can't, and that nothing committed is lost when a part is killed.

let workdir: string
let dataDir: string
let running: TestStack | undefined

const start = async (options: Parameters<typeof startStack>[0] = {}) =>
  running = await startStack({ workdir, dataDir, seed: false, without: ['auth', 'mail', 'relay', 'web'], ...options })

/** The one line a start that fails ends with. */
async function refusal(options: Parameters<typeof startStack>[0] = {}): Promise<string> {
  const failure = await start(options).then(() => undefined, (error) => error)
  if (!(failure instanceof StartFailure)) throw new Error(`it started, or failed otherwise: ${failure}`)
  expect(failure.code).toBe(1)
  const errors = failure.output.split('\n').filter((line) => line.startsWith('error: '))
  expect(errors).toHaveLength(1)
  expect(failure.output).not.toMatch(/^\s+at /m)
  return errors[0] ?? ''
}

/** A project with one table and no functions: quick to start. */
beforeAll(async () => {
  workdir = await Deno.makeTempDir({ prefix: 'dial-smart-project-' })
  dataDir = await Deno.makeTempDir({ prefix: 'dial-smart-data-' })
  await Deno.mkdir(join(workdir, 'supabase', 'migrations'), { recursive: true })
  await Deno.mkdir(join(workdir, 'supabase', 'functions'))
  const config = await Deno.readTextFile(join(root, 'supabase', 'config.toml'))
  await Deno.writeTextFile(join(workdir, 'supabase', 'config.toml'), config.slice(0, config.indexOf('[functions.')))
  const functions = join('supabase', 'functions', 'deno.json')
  await Deno.copyFile(join(root, functions), join(workdir, functions))
  await migration('20260101000000_notes', 'create table public.notes (text text);')
})

afterEach(async () => {
  await running?.stop()
  running = undefined
})

afterAll(async () => {
  await removeData(dataDir)
  await Deno.remove(workdir, { recursive: true })
})

async function migration(name: string, sql: string): Promise<string> {
  const path = join(workdir, 'supabase', 'migrations', `${name}.sql`)
  await Deno.writeTextFile(path, sql)
  return path
}

async function query(stack: TestStack, statement: string): Promise<postgres.Row[]> {
  const sql = postgres(stack.status.DB_URL ?? '', { max: 1 })
  const rows = await sql.unsafe(statement)
  await sql.end()
  return [...rows]
}

async function pidOf(part: string): Promise<number> {
  const state: State = JSON.parse(await Deno.readTextFile(join(dataDir, 'state.json')))
  const found = state.processes.find((process) => process.name === part)
  if (!found) throw new Error(`no ${part} among ${state.processes.map((process) => process.name)}`)
  return found.pid
}

describe('a start that can not be', () => {
  it('names the port that is taken, and the way around', async () => {
    const portOffset = freePortOffset()
    const taken = Deno.listen({ hostname: '127.0.0.1', port: 54322 + portOffset })
    const line = await refusal({ portOffset })
    taken.close()
    expect(line).toContain(`port ${54322 + portOffset} (for the database) is taken`)
    expect(line).toContain('PORT_OFFSET=')
  })

  it('names the data folder it can not write to', async () => {
    const file = await Deno.makeTempFile()
    const line = await refusal({ dataDir: join(file, 'data') })
    await Deno.remove(file)
    expect(line).toContain(`can't write to the data folder ${join(file, 'data')}`)
  })

  it('names the migration that fails and says what Postgres said', async () => {
    const path = await migration('20260102000000_broken', 'create table public.a (b nonsense);')
    const line = await refusal()
    await Deno.remove(path)
    expect(line).toContain('20260102000000_broken.sql')
    expect(line).toContain('type "nonsense" does not exist')
  })

  it('refuses data of another PostgreSQL version', async () => {
    const stack = await start({ env: { STRIPE_SECRET_KEY: '', STRIPE_WEBHOOK_SECRET: '' } })
    expect(stack.output()).toContain('there is no STRIPE_SECRET_KEY and no STRIPE_WEBHOOK_SECRET (')
    await stack.stop()
    const path = join(homeOf(dataDir), 'data', 'PG_VERSION')
    await Deno.writeTextFile(path, '16\n')
    const line = await refusal()
    await Deno.writeTextFile(path, '17\n')
    expect(line).toContain('is of PostgreSQL 16, this is 17')
  })

  it('refuses a second stack on the same data', async () => {
    const first = await start({ env: { STRIPE_SECRET_KEY: 'sk_test_0', STRIPE_WEBHOOK_SECRET: '' } })
    const line = await refusal({ portOffset: freePortOffset() })
    running = first
    expect(line).toContain('already running')
    expect(await query(first, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(first.output()).toContain('payments are not set up: there is no STRIPE_WEBHOOK_SECRET (')
  })
})

it('kill -9 of a part ends the stack and loses nothing', { timeout: 120_000 }, async () => {
  let stack = await start()
  for (const part of ['database', 'data-api', 'gateway', 'functions']) {
    await query(stack, `insert into public.notes values ('before ${part}')`)
    Deno.kill(await pidOf(part), 'SIGKILL')
    expect(await stack.ended, part).toBe(1)
    expect(stack.output()).toContain(`error: ${part} ended unexpectedly (SIGKILL)`)

    stack = await start()
    expect(await query(stack, `select text from public.notes where text = 'before ${part}'`), part).toHaveLength(1)
  }
})

it('kill -9 of the supervisor: the next start stops what is left and loses nothing', async () => {
  const first = await start()
  await query(first, `insert into public.notes values ('before supervisor')`)
  const database = await pidOf('database')
  Deno.kill(first.pid, 'SIGKILL')
  await first.ended
  expect(() => Deno.kill(database, 'SIGCONT')).not.toThrow()

  const again = await start({ portOffset: first.portOffset })
  expect(again.output()).toMatch(/^stopped what the last run left: .*database/m)
  expect(await query(again, `select text from public.notes where text = 'before supervisor'`)).toHaveLength(1)
})
