import { describe, expect, it } from 'vitest'
import { can, isAtLeast, isProtectedTable, protectedTables, roles, tableAccess } from '../../shared/roles.ts'

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

describe('what a role may do', () => {
  it.each(
    [
      ['owner', 'deleteOrganization', true],
      ['admin', 'deleteOrganization', false],
      ['admin', 'createInvitation', true],
      ['manager', 'createInvitation', false],
      ['member', 'listMembers', true],
      ['member', 'leads.create', true],
      ['member', 'leads.delete', false],
      ['manager', 'leads.delete', true],
      ['owner', 'disposition_metrics.update', false],
    ] as const,
  )('%s, %s: %s', (role, permission, expected) => expect(can(role, permission)).toBe(expected))

  it('is more with rows of one’s own, where the matrix says so', () => {
    expect(can('member', 'leads.update')).toBe(false)
    expect(can('member', 'leads.update', { own: true })).toBe(true)
    expect(can('member', 'leads.delete', { own: true })).toBe(false)
    expect(can('owner', 'calendar_integrations.read')).toBe(false)
    expect(can('owner', 'calendar_integrations.read', { own: true })).toBe(true)
  })
})
