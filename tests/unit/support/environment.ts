import { publicJwk, publishableKey } from './functions.ts'

/** The least that functions need of their environment. */
export const environment = {
  SUPABASE_URL: 'https://project.supabase.test/',
  SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: publishableKey, mobile: 'sb_publishable_mobile' }),
  SUPABASE_JWKS: JSON.stringify({ keys: [publicJwk] }),
  SITE_URL: 'https://app.test/',
  SMTP_URL: 'smtps://user:secret@mail.test:465',
  MAIL_FROM: 'Dial Smart <no-reply@app.test>',
}
