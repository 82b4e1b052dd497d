import { type ProtectedTable, tableAccess } from '../../../shared/roles.ts'
import { sql } from '../../database/support/database.ts'
import { insertRowInEach } from '../../database/support/rows.ts'
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
  // So many rows that their plan would not hold them: about plans there are tests of their own.
  await sql`update organizations set max_campaigns = 200 where id in ${sql([cast.acme, cast.globex])}`
  const [atAcme, atGlobex] = await sql.begin((tx) =>
    Promise.all([
      insertRowInEach(tx, { organization_id: cast.acme, user_id: cast.users[author] }),
      insertRowInEach(tx, { organization_id: cast.globex, user_id: cast.users.bob }),
    ])
  )
  return { ...cast, atAcme, atGlobex }
}

/** Somebody of Acme who reads a row of this table that they wrote, the weakest there is. */
export function readerOf(table: ProtectedTable): 'mia' | 'mona' | 'adam' {
  const { read } = tableAccess[table]
  if ('own' in read || read.any === 'member') return 'mia'
  return read.any === 'manager' ? 'mona' : 'adam'
}
