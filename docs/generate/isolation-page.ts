import type postgres from 'postgres'
import { channels } from '../../prove/allowed-differences.ts'
import { code, generatedFrom, page, table } from './markdown.ts'

/** docs/reference/isolation.md: what is proven about companies in one database, and what one can still learn of another. */
export async function isolationPage(sql: postgres.Sql): Promise<string> {
  const laws = await sql<{ name: string; sentence: string; consequence: string }[]>`
    select name, sentence, consequence from tenancy.laws order by position`
  const anon = await sql<{ function_name: string; reason: string }[]>`
    select function_name, reason from tenancy.anon_functions order by function_name`
  return page([
    '# Isolation',
    generatedFrom('the table tenancy.laws and prove/allowed-differences.ts'),
    'How to prove all of this on a database of your own is in [prove-isolation.md](../how-to/prove-isolation.md).',
    '## Laws',
    'Proven by `select * from tenancy.verify()` for every object that a law is about, which it finds in the catalog: a ' +
    'table that is added tomorrow is covered tomorrow.',
    table(
      ['law', 'what holds', 'what it means when it does not'],
      laws.map(({ name, sentence, consequence }) => [
        code(name),
        sentence,
        consequence,
      ]),
    ),
    '## Functions for everybody',
    'What may be called without signing in, and why.',
    table(['function', 'reason'], anon.map(({ function_name, reason }) => [code(function_name), reason])),
    '## Channels',
    'Every way that somebody thought of in which one company’s rows could show in the answers to another. Closed ones ' +
    'tell nothing; known ones tell what is said here, and nothing else. Each has a test.',
    table(['channel', 'state', ''], channels.map(({ name, state, text }) => [name, state, text])),
  ])
}
