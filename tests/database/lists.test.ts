import { describe, expect, it } from 'vitest'
import { ask } from './support/ask.ts'
import { join, stage } from './support/cast.ts'
import { inTransaction } from './support/database.ts'

describe('lists', () => {
  it('members page through in the order they joined, each of them once', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await tx`update organization_users set joined_at = now() where organization_id = ${cast.acme}`
      const seen: string[] = []
      let cursor: string | null = null
      do {
        const from: string | null = cursor
        const page = await ask(tx, cast, 'mia', (tx) => tx`list_members(${cast.acme}, 1, ${from})`)
        expect(page.members).toHaveLength(1)
        seen.push(page.members[0].user_id)
        cursor = page.next_cursor
      } while (cursor)
      const { alice, adam, mona, mia } = cast.users
      expect(seen).toEqual([alice, adam, mona, mia].sort())
    }))

  it("organizations are one's own", () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await join(tx, cast.globex, cast.users.mia, 'manager')
      const { organizations, next_cursor } = await ask(tx, cast, 'mia', (tx) => tx`list_organizations()`)
      expect(organizations.map((o: { id: string; role: string }) => [o.id, o.role]).sort()).toEqual(
        [[cast.acme, 'member'], [cast.globex, 'manager']].sort(),
      )
      expect(next_cursor).toBeNull()
      expect((await ask(tx, cast, 'eve', (tx) => tx`list_organizations()`)).organizations).toEqual([])
    }))

  it.each(['x', '', '🙂', 'bm90OmF0OmFsbA', '1'.repeat(500)])(
    'refuses the cursor %j',
    (cursor) =>
      inTransaction(async (tx) => {
        const cast = await stage(tx)
        expect(await ask(tx, cast, 'mia', (tx) => tx`list_organizations(10, ${cursor})`)).toBe('validation_failed')
      }),
  )

  it.each([0, 101, -1, null])('refuses pages of %s', (limit) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      expect(await ask(tx, cast, 'mia', (tx) => tx`list_members(${cast.acme}, ${limit})`)).toBe('validation_failed')
    }))
})
