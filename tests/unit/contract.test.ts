import { describe, expect, it } from 'vitest'
import { CreateInvitation } from '../../shared/contract/invitations.ts'
import { CreateOrganization, OrganizationPath, UpdateOrganization } from '../../shared/contract/organizations.ts'
import { Page } from '../../shared/contract/page.ts'
import { CreateRecords } from '../../shared/contract/records.ts'
import { reservedSlugs, Slug } from '../../shared/contract/slug.ts'
import { Email, Name, PhoneNumber, SmallObject, Timezone, Uuid } from '../../shared/contract/values.ts'

const named = (value: unknown): string => JSON.stringify(value).slice(0, 60)

describe('Slug', () => {
  it.each(['ab', 'acme', 'acme-corp', 'a1', '42', 'a'.repeat(50)])('takes %s', (slug) => {
    expect(Slug.parse(slug)).toBe(slug)
  })

  const refused = [
    '',
    'a',
    '-a',
    'a-',
    'a--b',
    'a'.repeat(51),
    'a b',
    'a\n',
    'a.b',
    'a/b',
    'a%2eb',
    'Acme',
    'äb',
    '🚀🚀',
  ]
  it.each([...refused, 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa', ...reservedSlugs])('refuses %j', (slug) => {
    expect(Slug.safeParse(slug).success).toBe(false)
  })
})

describe('values', () => {
  it.each([
    [Name, '  Acme  ', 'Acme'],
    [Name, '🚀'.repeat(100), '🚀'.repeat(100)],
    [Email, ' Mia@ACME.test ', 'mia@acme.test'],
    [PhoneNumber, ' +14155550100', '+14155550100'],
    [Timezone, 'America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    [Timezone, 'UTC', 'UTC'],
    [Uuid, 'AAAAAAAA-AAAA-4AAA-8AAA-AAAAAAAAAAAA', 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa'],
  ])('are normalised before they are checked: %# ', (schema, given, expected) => {
    expect(schema.parse(given)).toBe(expected)
  })

  it.each([
    ['a name', Name, ['', '   ', 'a\u0000b', 'a\nb', 'a\u2028b', 'a'.repeat(101), '🚀'.repeat(101), null, 5]],
    ['an address', Email, [
      'mia',
      'mia@',
      '@acme.test',
      'mia@acme',
      'a b@acme.test',
      `${'a'.repeat(250)}@a.test`,
      null,
    ]],
    ['a phone number', PhoneNumber, ['4155550100', '+0123456789', '+1 415 555 0100', '+12345', '+1234567890123456']],
    ['a time zone', Timezone, ['FOO5', 'Mars', '+01:00', 'Europe/Berlin; drop', '', 'a/b/c/d']],
    ['a uuid', Uuid, ['', 'x', 'aaaaaaaa', 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa ', 5, null, ['a']]],
    ['small settings', SmallObject, [[], 'x', null, { long: 'x'.repeat(16_384) }]],
  ])('refuse what is not %s', (_what, schema, refused) => {
    for (const value of refused) expect(schema.safeParse(value).success, named(value)).toBe(false)
  })
})

describe('requests', () => {
  it.each([
    ['owner_id', CreateOrganization, { name: 'Acme', owner_id: 'x' }],
    ['max_users', CreateOrganization, { name: 'Acme', max_users: 1000 }],
    ['subscription_tier', UpdateOrganization, { subscription_tier: 'enterprise' }],
    ['deleted_at', UpdateOrganization, { name: 'Acme', deleted_at: null }],
    ['token', CreateInvitation, { email: 'mia@acme.test', role: 'member', token: 'x' }],
    ['status', CreateInvitation, { email: 'mia@acme.test', role: 'member', status: 'accepted' }],
    ['more', OrganizationPath, { organization_id: 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa', more: 1 }],
  ])('refuse %s, which is not theirs to set', (key, schema, body) => {
    const result = schema.safeParse(body)
    expect(result.error?.issues.some((issue) => issue.code === 'unrecognized_keys' && issue.keys.includes(key))).toBe(
      true,
    )
  })

  it.each(['owner', 'OWNER', 'member ', '', 'superadmin', null, ['member']])('never invite as %j', (role) => {
    expect(CreateInvitation.safeParse({ email: 'mia@acme.test', role }).success).toBe(false)
    expect(CreateInvitation.safeParse({ email: 'mia@acme.test', role: 'member' }).success).toBe(true)
  })

  it.each([0, 31, 1.5, '7', -1])('never invite for %j days', (expires_in_days) => {
    expect(CreateInvitation.safeParse({ email: 'mia@acme.test', role: 'member', expires_in_days }).success).toBe(false)
  })

  it('change at least one thing', () => {
    expect(UpdateOrganization.safeParse({}).success).toBe(false)
    expect(UpdateOrganization.safeParse({ contact_phone: null }).success).toBe(true)
  })

  it.each([['0', false], ['1', true], ['100', true], ['101', false], ['x', false], ['1.5', false]])(
    'limit a page to %s: %s',
    (limit, expected) => expect(Page.safeParse({ limit }).success).toBe(expected),
  )

  it.each([
    ['one row', { a: 1 }, true],
    ['two rows', [{ a: 1 }, {}], true],
    ['no row', [], false],
    ['1,000 rows', Array(1000).fill({}), true],
    ['1,001 rows', Array(1001).fill({}), false],
    ['a text', 'x', false],
    ['null', null, false],
    ['rows that are none', [{}, 5], false],
    ['rows in rows', [[{}]], false],
  ])('bring %s as records: %#', (_what, rows, expected) => {
    expect(CreateRecords.safeParse(rows).success).toBe(expected)
  })
})
