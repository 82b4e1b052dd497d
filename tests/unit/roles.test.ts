import { describe, expect, it } from 'vitest'
import { isAtLeast, isProtectedTable, protectedTables, roles, tableAccess } from '../../shared/roles.ts'

describe('roles', () => {
  it('are ordered, strongest first', () => expect(roles).toEqual(['owner', 'admin', 'manager', 'member']))

  it.each(
    [
      ['owner', 'member', true],
      ['admin', 'admin', true],
      ['manager', 'admin', false],
      ['member', 'owner', false],
    ] as const,
  )('%s is at least %s: %s', (role, least, expected) => expect(isAtLeast(role, least)).toBe(expected))
})

describe('the access matrix', () => {
  it('keeps calendars to the person who connected them', () => {
    const { read, update, delete: remove } = tableAccess.calendar_integrations
    expect([read, update, remove]).toEqual(Array(3).fill({ any: 'nobody', own: 'member' }))
  })

  it('never lets a role do more to a row than to read it', () => {
    const strength = (audience: string) => ['nobody', ...roles].indexOf(audience)
    for (const table of protectedTables) {
      const { read, update, delete: remove } = tableAccess[table]
      for (const access of [update, remove]) expect(strength(access.any)).toBeLessThanOrEqual(strength(read.any))
    }
  })

  it.each(['organizations', 'auth.users', 'leads;', '__proto__', 'constructor'])('has no table %s', (name) => {
    expect(isProtectedTable(name)).toBe(false)
    expect(isProtectedTable('leads')).toBe(true)
  })
})
