import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import type { OrganizationBranding } from '../../../shared/contract/branding.ts'
import type { OrganizationDomain } from '../../../shared/contract/domains.ts'
import type { LeadField } from '../../../shared/contract/lead-fields.ts'
import type { IssuedInvitation } from '../../../shared/contract/invitations.ts'
import type { JoinRequest } from '../../../shared/contract/joining.ts'
import type { Organization } from '../../../shared/contract/organizations.ts'
import { activeOrganization } from '../../../supabase/functions/active-organization/active-organization.ts'
import { createBilling } from '../../../supabase/functions/billing/billing.ts'
import { branding as found } from '../../../supabase/functions/branding/branding.ts'
import { health } from '../../../supabase/functions/health/health.ts'
import { invitations as received } from '../../../supabase/functions/invitations/invitations.ts'
import { joining } from '../../../supabase/functions/invitations/joining.ts'
import { openapi } from '../../../supabase/functions/openapi/openapi.ts'
import { audit } from '../../../supabase/functions/organizations/audit.ts'
import { branding } from '../../../supabase/functions/organizations/branding.ts'
import { domains } from '../../../supabase/functions/organizations/domains.ts'
import { createInvitations } from '../../../supabase/functions/organizations/invitations.ts'
import { joinRequests } from '../../../supabase/functions/organizations/join-requests.ts'
import { leadFields } from '../../../supabase/functions/organizations/lead-fields.ts'
import { planPreview } from '../../../supabase/functions/organizations/plan-preview.ts'
import { members } from '../../../supabase/functions/organizations/members.ts'
import { organizations } from '../../../supabase/functions/organizations/organizations.ts'
import { usage } from '../../../supabase/functions/organizations/usage.ts'
import { records } from '../../../supabase/functions/records/records.ts'
import { createApp } from '../../../supabase/functions/_kit/app.ts'
import type { Deps } from '../../../supabase/functions/_kit/deps.ts'
import type { LogEntry } from '../../../supabase/functions/_kit/log.ts'
import type { Mail, Mailer } from '../../../supabase/functions/_kit/mail.ts'
import { createSigner } from '../../../supabase/functions/_kit/sign.ts'
import { createStripe } from '../../../supabase/functions/_kit/stripe.ts'
import { createTokenVerifier } from '../../../supabase/functions/_kit/token.ts'

export const publishableKey = 'sb_publishable_unit'
export const jwtSecret = 'a secret of the unit tests, long enough'
export const alice = '11111111-1111-4111-8111-111111111111'
export const acme = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa'
export const globex = 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb'

const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
export const signingKey = privateKey
export const publicPem = await exportSPKI(publicKey)
export const publicJwk = { ...await exportJWK(publicKey), kid: 'current', alg: 'ES256', use: 'sig' }

/** The claims of a token that is good; override one to make it bad. */
export const goodClaims = (): JWTPayload => ({
  sub: alice,
  role: 'authenticated',
  aud: 'authenticated',
  email: 'alice@acme.test',
  session_id: '22222222-2222-4222-8222-222222222222',
  iat: Math.floor(Date.now() / 1000),
  exp: Math.floor(Date.now() / 1000) + 600,
})

export const sign = (claims: JWTPayload = goodClaims()): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'current' }).sign(signingKey)

/** What the Data API was asked. */
export interface Asked {
  url: URL
  headers: Headers
  /** The body as text, and parsed. */
  text: string
  body: unknown
}

/** All functions with a Data API of the test's own; keeps what was asked, logged and mailed. */
export function createFunctions(
  answer: (asked: Asked) => Response | Promise<Response> = () => Response.json(null),
  texts: string[] = [],
) {
  const asked: Asked[] = []
  const logged: LogEntry[] = []
  const mailed: Mail[] = []
  const lookedUp: string[] = []
  const mail: { send: Mailer } = {
    send: (letter) => {
      mailed.push(letter)
      return Promise.resolve()
    },
  }
  const deps: Deps = {
    supabaseUrl: 'http://data.test',
    publishableKeys: [publishableKey],
    siteUrl: 'https://app.test',
    allowedOrigins: ['https://app.test'],
    verifyToken: createTokenVerifier({ jwks: { keys: [publicJwk] }, jwtSecret }),
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const text = await request.text()
      const call = { url: new URL(request.url), headers: request.headers, text, body: text && JSON.parse(text) }
      asked.push(call)
      return await answer(call)
    },
    trustedProxies: 1,
    resolveTxt: (name) => {
      lookedUp.push(name)
      return Promise.resolve(texts)
    },
    log: (entry) => logged.push(entry),
  }
  const openStripe = createStripe({
    secretKey: 'sk_test_unit',
    url: 'http://stripe.test',
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const call = { url: new URL(request.url), headers: request.headers, text: await request.text(), body: undefined }
      asked.push(call)
      return await answer(call)
    },
  })
  const apps = new Map([
    [
      'organizations',
      createApp('organizations', deps)
        .route('/', usage)
        .route('/', organizations)
        .route('/', members)
        .route('/', createInvitations((letter) => mail.send(letter)))
        .route('/', domains)
        .route('/', branding)
        .route('/', joinRequests)
        .route('/', planPreview)
        .route('/', leadFields)
        .route('/', audit),
    ],
    ['invitations', createApp('invitations', deps).route('/', received).route('/', joining)],
    ['active-organization', createApp('active-organization', deps).route('/', activeOrganization)],
    ['branding', createApp('branding', deps).route('/', found)],
    ['records', createApp('records', deps).route('/', records)],
    ['billing', createApp('billing', { ...deps, sign: createSigner(jwtSecret) }).route('/', createBilling(openStripe))],
    ['health', createApp('health', deps).route('/', health)],
    ['openapi', createApp('openapi', deps).route('/', openapi)],
  ])
  /** Sends a request the way the platform does: the function's name is the first part of the path. */
  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const name = new URL(path, 'http://functions.test').pathname.split('/')[1] ?? ''
    return await apps.get(name)?.request(path, init) ?? new Response('no such function', { status: 404 })
  }
  /** The same, signed in as alice and with a JSON body. */
  const sendAsAlice = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    await send(path, {
      method,
      headers: {
        authorization: `Bearer ${await sign()}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  return { deps, mail, asked, logged, mailed, lookedUp, send, sendAsAlice }
}

/** An organization as the database answers it. */
export const acmeRow: Organization = {
  id: acme,
  name: 'Acme',
  slug: 'acme',
  settings: {},
  subscription_tier: 'basic',
  subscription_status: 'trial',
  status_changed_at: '2026-11-01T00:00:00.123456+00:00',
  status_cause: 'operator',
  trial_ends_at: '2026-12-01T00:00:00+00:00',
  max_users: null,
  max_campaigns: null,
  max_phone_numbers: null,
  monthly_call_limit: null,
  owner_email: 'alice@acme.test',
  contact_phone: null,
  timezone: 'UTC',
  calling_hours_start: null,
  calling_hours_end: null,
  default_caller_id: null,
  metadata: {},
  created_at: '2026-11-01T00:00:00.123456+00:00',
  updated_at: '2026-11-01T00:00:00.123456+00:00',
  deleted_at: null,
  role: 'owner',
}

/** A claimed domain as the database answers it. */
export const acmeDomain: OrganizationDomain = {
  id: 'cccccccc-cccc-4ccc-8ccc-cccccccccccc',
  organization_id: acme,
  domain: 'acme.test',
  join_mode: 'approval',
  verified_at: null,
  created_by: alice,
  created_at: '2026-11-01T00:00:00+00:00',
  record: { type: 'TXT', name: '_dial-smart.acme.test', value: 'dial-smart-verification=0123456789abcdef' },
}

/** A field of leads as the database answers it. */
export const budgetField: LeadField = {
  id: 'cccccccc-cccc-4ccc-8ccc-cccccccccccc',
  organization_id: acme,
  key: 'budget',
  label: 'Budget',
  type: 'number',
  required: false,
  options: null,
  position: 1,
  created_at: '2026-11-01T00:00:00+00:00',
}

/** Branding as the database answers it to an admin. */
export const acmeBranding: OrganizationBranding = {
  organization_id: acme,
  product_name: 'Acme Calls',
  logo_url: null,
  color_light: null,
  color_dark: null,
  support_email: null,
  mail_sender_name: null,
  host: {
    host: 'calls.acme.test',
    verified_at: null,
    record: { type: 'TXT', name: '_dial-smart.calls.acme.test', value: 'dial-smart-verification=0123456789abcdef' },
  },
  logo_uploads: false,
  updated_at: '2026-11-01T00:00:00+00:00',
}

/** A request to join as the database answers it to an admin. */
export const joinRequest: JoinRequest = {
  id: 'cccccccc-cccc-4ccc-8ccc-cccccccccccc',
  organization_id: acme,
  user_id: alice,
  domain: 'acme.test',
  email: 'mia@acme.test',
  full_name: 'Mia',
  status: 'pending',
  created_at: '2026-11-01T00:00:00+00:00',
  decided_at: null,
  decided_by: null,
}

/** An invitation with its token, as the database issues it. */
export const issuedInvitation: IssuedInvitation = {
  invitation: {
    id: 'cccccccc-cccc-4ccc-8ccc-cccccccccccc',
    organization_id: acme,
    kind: 'email',
    email: 'mia@acme.test',
    role: 'member',
    status: 'pending',
    max_uses: 1,
    uses: 0,
    allowed_domains: null,
    invited_by: alice,
    created_at: '2026-11-01T00:00:00+00:00',
    expires_at: '2026-11-08T00:00:00+00:00',
    last_sent_at: '2026-11-01T00:00:00+00:00',
    accepted_at: null,
    accepted_by: null,
    declined_at: null,
    revoked_at: null,
  },
  organization: { name: 'Acme', branding: {} },
  inviter: { full_name: 'Alice', email: 'alice@acme.test' },
  token: 'inv_0123456789abcdef',
}
