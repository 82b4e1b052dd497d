import { z } from 'zod'

/** Slugs nobody can take, because paths and hosts need them. The database refuses the same. */
export const reservedSlugs = [
  'about',
  'account',
  'admin',
  'api',
  'app',
  'assets',
  'auth',
  'billing',
  'blog',
  'contact',
  'dashboard',
  'docs',
  'help',
  'invitations',
  'login',
  'logout',
  'mail',
  'new',
  'null',
  'organization',
  'organizations',
  'pricing',
  'privacy',
  'public',
  'root',
  'settings',
  'signin',
  'signout',
  'signup',
  'static',
  'status',
  'support',
  'system',
  'terms',
  'undefined',
  'user',
  'users',
  'well-known',
  'www',
]

const shapedLikeUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The short name of an organization in addresses: 2 to 50 of a-z, 0-9 and single inner hyphens; not a reserved word. */
export const Slug = z.string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])$/, 'Must be 2 to 50 of a-z, 0-9 and inner hyphens.')
  .refine((slug) => !slug.includes('--'), 'Must not contain two hyphens in a row.')
  .refine((slug) => !shapedLikeUuid.test(slug), 'Must not look like a uuid.')
  .refine((slug) => !reservedSlugs.includes(slug), 'Is a reserved word.')
export type Slug = z.infer<typeof Slug>
