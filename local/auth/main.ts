import { App, type EmailMessage, SmtpEmailDriver } from '@supabase/lite'
import { createPostgresConnection } from '@supabase/lite/postgres'
import type { Config } from '../config.ts'
import { instructions, listen, serve } from '../speak.ts'

/** What the auth server is told. */
export interface AuthInstructions {
  databaseUrl: string
  jwtSecret: string
  siteUrl: string
  apiUrl: string
  redirectUrls: string[]
  smtpPort: number
  auth: Config['auth']
}

const told = instructions<AuthInstructions>()
const smtp = new SmtpEmailDriver({
  host: '127.0.0.1',
  port: told.smtpPort,
  from: { name: 'Dial Smart', address: 'auth@dial-smart.test' },
})

/** Links in mails lead to the API, as on hosted; lite knows of `site_url` alone. */
const toApi = (text?: string): string | undefined =>
  text?.replaceAll(`${told.siteUrl}/auth/v1/`, `${told.apiUrl}/auth/v1/`)

const app = new App({
  connection: createPostgresConnection({
    url: told.databaseUrl,
    postgresOptions: {
      max: 5,
      // It hands over JSON that is text already; encoded once more, user_metadata would be a string and not an object.
      types: {
        jsonb: {
          to: 3802,
          from: [3802],
          serialize: (value: unknown) => typeof value === 'string' ? value : JSON.stringify(value),
          parse: (text: string) => JSON.parse(text),
        },
      },
    },
  }),
  auth: {
    enabled: true,
    jwt_secret: told.jwtSecret,
    jwt_expiry: told.auth.jwt_expiry,
    site_url: told.siteUrl,
    additional_redirect_urls: told.redirectUrls,
    enable_signup: told.auth.enable_signup,
    minimum_password_length: told.auth.minimum_password_length,
    email: {
      enable_signup: told.auth.email.enabled,
      enable_confirmations: told.auth.email.enable_confirmations,
      otp_expiry: told.auth.email.otp_expiry,
    },
  },
  options: {
    // The gateway has checked the key already.
    server: { apiKeys: false, admin: false },
    drivers: {
      email: {
        send: ({ html, text, ...mail }: EmailMessage) => smtp.send({ ...mail, text: toApi(text), html: toApi(html) }),
      },
    },
  },
})
await app.init()

serve(0, (request) => app.fetch(request, { peerAddress: null }))
listen()
