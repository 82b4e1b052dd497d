import postgres from 'postgres'
import { engineFile } from '../../prove/generate-engine.ts'
import { createOpenApiDocument } from '../../shared/contract/openapi.ts'
import { databaseTypes } from './database-types.ts'
import { format } from './format.ts'
import { functionsPage } from './functions-page.ts'
import { Document } from './openapi.ts'
import { isolationPage } from './isolation-page.ts'
import { problemsPage } from './problems-page.ts'
import { rolesPage } from './roles-page.ts'
import { sqlPage } from './sql-page.ts'

/** The files that are generated, as paths below the repository. */
export const generatedFiles = [
  'shared/database.types.ts',
  'docs/reference/openapi.json',
  'docs/reference/functions.md',
  'docs/reference/problems.md',
  'docs/reference/roles.md',
  'docs/reference/sql.md',
  'docs/reference/isolation.md',
  'prove/engine.json',
] as const

/** What every generated file should hold, given a database with all migrations. Changes nothing. */
export async function generateFiles(databaseUrl: string): Promise<Record<typeof generatedFiles[number], string>> {
  const json = JSON.stringify(inOrder(createOpenApiDocument()), null, 2)
  return {
    'shared/database.types.ts': await format('ts', await databaseTypes(databaseUrl)),
    'docs/reference/openapi.json': await format('json', json),
    'docs/reference/functions.md': await format('md', functionsPage(Document.parse(JSON.parse(json)))),
    'docs/reference/problems.md': await format('md', problemsPage()),
    'docs/reference/roles.md': await format('md', rolesPage()),
    'docs/reference/sql.md': await format('md', await withDatabase(databaseUrl, sqlPage)),
    'docs/reference/isolation.md': await format('md', await withDatabase(databaseUrl, isolationPage)),
    'prove/engine.json': await withDatabase(databaseUrl, engineFile),
  }
}

/** The order in which routes and schemas register depends on how modules are loaded: the file has one of its own. */
function inOrder({ paths, components, ...document }: ReturnType<typeof createOpenApiDocument>) {
  const sorted = (things: object = {}) => Object.fromEntries(Object.entries(things).sort(byName))
  const sortedPaths = Object.entries(paths ?? {}).sort(byName).map(([path, item]) => [path, sorted(item)])
  return {
    ...document,
    paths: Object.fromEntries(sortedPaths),
    components: { ...components, schemas: sorted(components?.schemas) },
  }
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => a < b ? -1 : 1

async function withDatabase<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  // The search path decides which names Postgres prints with their schema.
  const sql = postgres(url, { max: 1, connection: { search_path: 'public' } })
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}
