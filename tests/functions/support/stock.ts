import { type ProtectedTable, protectedTables } from '../../../shared/roles.ts'
import { sql } from '../../database/support/database.ts'
import { insertRow } from '../../database/support/rows.ts'
import { type Person, type Stage, stage } from './cast.ts'
import type { Algorithm } from './tokens.ts'

/** A stage with one row in every protected table of each company, bob's at Globex. */
export interface Stocked extends Stage {
  atAcme: Record<ProtectedTable, string>
  atGlobex: Record<ProtectedTable, string>
}

/** Brings the cast on stage and stocks both companies; Acme's rows are one person's. */
export async function stock(author: Person = 'mia', algorithm: Algorithm = 'ES256'): Promise<Stocked> {
  const cast = await stage(algorithm)
  return {
    ...cast,
    atAcme: await fill(cast.acme, cast.users[author]),
    atGlobex: await fill(cast.globex, cast.users.bob),
  }
}

async function fill(organization_id: string, user_id: string): Promise<Record<ProtectedTable, string>> {
  const ids: Partial<Record<ProtectedTable, string>> = {}
  for (const table of protectedTables) {
    ids[table] = await insertRow(sql, table, { organization_id, user_id })
  }
  return ids as Record<ProtectedTable, string>
}
