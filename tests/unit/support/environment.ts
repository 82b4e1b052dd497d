import { publicJwk, publishableKey } from './functions.ts'

/** The least that every function needs of its environment. */
export const environment = {
  SUPABASE_URL: 'https://project.supabase.test/',
  SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: publishableKey, mobile: 'sb_publishable_mobile' }),
  SUPABASE_JWKS: JSON.stringify({ keys: [publicJwk] }),
  SITE_URL: 'https://app.test/',
}
