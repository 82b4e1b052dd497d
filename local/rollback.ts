import { parseArgs } from 'node:util'
import { join } from 'node:path'
import postgres from 'postgres'
import { Failure, messageOf, runCommand } from './failure.ts'
import { root } from './settings.ts'

// `npm run rollback -- --url postgresql://… [--export <folder>] [--yes]`: back to phase 1. Says what would happen;
// changes something only with --yes.

const usage = 'npm run rollback -- --url postgresql://… [--export <folder>] [--yes]'

/** Where the way back is written down. */
export const script = join(root, 'supabase', 'rollback', 'to_phase_1.sql')

interface Options {
  url: string
  yes: boolean
  folder?: string
}

function optionsOf(args: string[]): Options {
  const options = { url: { type: 'string' }, yes: { type: 'boolean' }, export: { type: 'string' } } as const
  const { values } = attempt(() => parseArgs({ args, options, strict: true }), (message) => `${message}\n${usage}`)
  if (!values.url) throw new Failure(`say which database: ${usage}`)
  if (!/^postgres(ql)?:\/\//.test(values.url)) throw new Failure('--url begins with postgresql://')
  return { url: values.url, yes: values.yes ?? false, folder: values.export }
}

function attempt<T>(work: () => T, explain: (message: string) => string): T {
  try {
    return work()
  } catch (error) {
    throw new Failure(explain(messageOf(error)))
  }
}

/** Refuses a database that has no way back, or needs none. */
async function requireEngine(sql: postgres.Sql): Promise<void> {
  const [found] = await sql`select to_regclass('tenancy.phase_1') is not null as known,
    to_regprocedure('tenancy.way_back_obstacles()') is not null as current,
    to_regclass('public.organizations') is not null as organizations`
  if (!found?.organizations) throw new Failure('this database has no organizations: there is nothing to go back from')
  if (!found.known || !found.current) {
    throw new Failure('this database is not at the latest migration: apply them first')
  }
}

/** Writes one file of JSON lines per organization. */
async function exportAll(sql: postgres.Sql, folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true })
  // One moment for all of them.
  await sql.begin('isolation level repeatable read read only', async (tx) => {
    for (
      const { id, slug, name } of await tx`select id, slug, name from public.organizations order by created_at, id`
    ) {
      const path = join(folder, `${slug}.${id}.jsonl`)
      const file = await Deno.open(path, { write: true, createNew: true })
      const writer = file.writable.getWriter()
      let count = 0
      const rows = tx`select table_name, "row"::text as row from tenancy.export_organization(${id})`.cursor(500)
      for await (const page of rows) {
        const lines = page.map(({ table_name, row }) => `{"table":${JSON.stringify(table_name)},"row":${row}}\n`)
        await writer.write(new TextEncoder().encode(lines.join('')))
        count += page.length
      }
      await writer.close()
      console.log(`${path}: ${count} rows of ${name}`)
    }
  })
}

/** Says what keeps this database from going back, and what going back would take from it. */
async function plan(sql: postgres.Sql): Promise<{ obstacles: postgres.Row[] }> {
  const obstacles = await sql`select obstacle, organization_id from tenancy.way_back_obstacles()`
  const [lost] = await sql`select
    (select count(*) from public.organizations where id <> tenancy.default_organization_id()) as organizations,
    (select count(*) from public.organization_invitations
      where accepted_at is null and declined_at is null and revoked_at is null and expires_at > now()) as invitations,
    (select count(*) from public.organization_users where role <> 'member' or suspended_at is not null) as roles,
    (select count(*) from tenancy.merged_rows where original ->> 'id' <> merged_into::text) as merged`
  const rows = await sql`select p.object, to_regclass(p.object) as relation from tenancy.phase_1 as p
    where p.kind = 'not null' and p.name = 'user_id' and to_regclass(p.object) is not null order by 1`
  const orphans: string[] = []
  for (const { object, relation } of rows) {
    const [found] = await sql.unsafe(`select count(*) from ${relation} where user_id is null`)
    if (found && found.count !== '0') orphans.push(`${found.count} in ${object}`)
  }
  if (obstacles.length > 0) return { obstacles }
  console.log('Going back to phase 1 would, in one transaction:')
  console.log('  give every person the rows they wrote, for themselves alone')
  if (orphans.length > 0) {
    const [owner] = await sql`select email from public.profiles where id = tenancy.default_owner_id()`
    console.log(`  give rows without a person to ${owner?.email ?? 'the owner'}: ${orphans.join(', ')}`)
  }
  console.log(`  bring back up to ${lost?.merged} rows that phase 2 had merged`)
  console.log(
    `  forget ${lost?.roles} roles and suspensions, ${lost?.invitations} open invitations, ` +
      `${lost?.organizations} organizations without members or rows`,
  )
  return { obstacles }
}

function refusal(obstacles: postgres.Row[]): Failure {
  const organizations = obstacles.flatMap(({ organization_id }) => organization_id ? [organization_id] : [])
  return new Failure([
    'this database can’t go back to phase 1, and nothing was changed:',
    ...obstacles.map(({ obstacle }) => `  ${obstacle}`),
    ...(organizations.length === 0 ? [] : [
      'export what these organizations have (--export <folder>), then delete them with all their rows, and run this again:',
      ...organizations.map((id) => `  delete from public.organizations where id = '${id}';`),
    ]),
  ].join('\n'))
}

async function main(): Promise<void> {
  const { url, yes, folder } = optionsOf(Deno.args)
  const said: string[] = []
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: ({ message }) => said.push(message ?? '') })
  try {
    await requireEngine(sql)
    if (folder) await exportAll(sql, folder)
    const { obstacles } = await plan(sql)
    if (obstacles.length > 0) throw refusal(obstacles)
    if (!yes) return console.log('Nothing was changed. Add --yes to do it.')
    await sql.unsafe(await Deno.readTextFile(script))
    for (const message of said) console.log(`  ${message}`)
    console.log('This database is at phase 1 again.')
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(messageOf(error))
  } finally {
    await sql.end({ timeout: 1 })
  }
}

if (import.meta.main) await runCommand(main)
