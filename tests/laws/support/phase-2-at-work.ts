import type postgres from 'postgres'
import { protectedTables } from '../../../shared/roles.ts'
import { join, signUp } from '../../database/support/cast.ts'
import { attempt } from '../../database/support/outcome.ts'
import { insertRow, rowFor, samples } from '../../database/support/rows.ts'
import { actingAs } from './contents.ts'

/** The people of phase1.sql, in the order in which they joined. */
export const [ada, ben, cleo] = [
  'f0000000-0000-4000-8000-000000000001',
  'b0000000-0000-4000-8000-000000000002',
  'a0000000-0000-4000-8000-000000000003',
]

/** The organization of everything from before organizations. */
export const defaultOrganization = '00000000-0000-4000-a000-000000000001'

/** A while of phase 2: ben, now an admin, works in every table; somebody came and went; a machine wrote; numbers moved. */
export async function workForAWhile(
  database: postgres.Sql,
): Promise<{ written: number; changed: number; left: number }> {
  await database`update organization_users set role = 'admin' where user_id = ${ben}`
  let [written, changed, left] = [0, 0, 0]
  for (const table of protectedTables) {
    const row = await rowFor(database, table, defaultOrganization)
    await actingAs(database, ben, async (tx) => {
      const first = await attempt(tx, (tx) => tx`insert into ${tx(table)} ${tx(row)} returning id`)
      const id = first.rows[0]?.id
      if (!id) return
      written += 1
      changed += (await attempt(tx, (tx) =>
        tx`update ${tx(table)} set ${tx(samples[table].change)} where id = ${id}`)).count
    })
  }

  const dora = await database.begin(async (tx) => {
    const dora = await signUp(tx, 'dora@example.test')
    await join(tx, defaultOrganization, dora, 'member')
    for (const table of protectedTables) {
      if (samples[table].authorless) continue
      const own = attempt(tx, async (tx) => {
        await insertRow(tx, table, { organization_id: defaultOrganization, user_id: dora })
        return tx`select`
      })
      left += (await own).count
    }
    return dora
  })
  await database`delete from auth.users where id = ${dora}`

  await actingAs(
    database,
    undefined,
    (tx) => tx`insert into leads (organization_id, phone_number) values (${defaultOrganization}, '+12025550166')`,
  )
  await actingAs(
    database,
    ben,
    (tx) => tx`insert into dnc_list (phone_number, reason) values ('+12025550177', 'Asked')`,
  )
  await actingAs(database, ada, async (tx) => {
    await tx`delete from dnc_list where phone_number = '+12025550151'`
    await tx`delete from leads where user_id = ${cleo}`
    await tx`update ai_sms_settings set ai_personality = 'Patient'`
  })
  return { written, changed, left }
}
