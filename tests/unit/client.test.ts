import { FunctionsClient } from '@supabase/functions-js'
import { describe, expect, it } from 'vitest'
import { createOrganizationsClient, type OrganizationsClient, ProblemError } from '../../shared/client/index.ts'
import {
  acme,
  acmeBranding,
  acmeDomain,
  acmeRow,
  type Asked,
  budgetField,
  createFunctions,
  globex,
  issuedInvitation,
  joinRequest,
  publishableKey,
  sign,
} from './support/functions.ts'

/** The client, with alice signed in, on functions that run here. */
async function createClient(answer?: (asked: Asked) => Response | Promise<Response>) {
  const functions = createFunctions(answer)
  const requests: Request[] = []
  const invoker = new FunctionsClient('http://functions.test', {
    headers: { apikey: publishableKey, authorization: `Bearer ${await sign()}` },
    customFetch: (input, init) => {
      const request = new Request(input, init)
      requests.push(request)
      const { pathname, search } = new URL(request.url)
      return functions.send(pathname + search, init)
    },
  })
  return { ...functions, requests, client: createOrganizationsClient({ functions: invoker }) }
}

const page = { next_cursor: null }
const card = { name: 'Acme', branding: {} }
const { invitation } = issuedInvitation
const id = invitation.id
const user = 'dddddddd-dddd-4ddd-8ddd-dddddddddddd'
const member = {
  user_id: user,
  email: 'mia@acme.test',
  full_name: null,
  role: 'admin',
  joined_at: invitation.created_at,
  suspended_at: null,
}
const used = { calls: 2, answered_calls: 1, call_minutes: 1.5, texts: 0, leads_added: 0, active_members: 4 }
const november = { from: '2026-11-01', to: '2026-11-30' }
const usageOfAcme = {
  usage: {
    ...november,
    by: 'month',
    timezone: 'UTC',
    totals: used,
    periods: [{ start: '2026-11-01', ...used }],
    previous: { from: '2026-10-01', to: '2026-10-31', totals: used },
  },
  quotas: [{ quota: 'users', limit: 5, used: 4, resets_at: null }],
  plan: 'basic',
}
const ended = { invitations: 0, sessions: 0 }
// What Stripe answers to lists and to what makes a page.
const stripePage = { object: 'list', data: [], url: 'https://stripe.test/page' }

const calls: [string, (client: OrganizationsClient) => Promise<{ error: ProblemError | null }>, string, unknown][] = [
  ['organizations.create', (c) => c.organizations.create({ name: 'Acme' }), 'POST /organizations', {
    organization: acmeRow,
  }],
  ['organizations.list', (c) => c.organizations.list({ limit: 5, includeDeleted: true }), 'GET /organizations', {
    organizations: [acmeRow],
    ...page,
  }],
  ['organizations.get', (c) => c.organizations.get(acme), `GET /organizations/${acme}`, { organization: acmeRow }],
  ['organizations.update', (c) => c.organizations.update(acme, { name: 'A' }), `PATCH /organizations/${acme}`, {
    organization: acmeRow,
  }],
  ['organizations.delete', (c) => c.organizations.delete(acme), `DELETE /organizations/${acme}`, {
    organization: acmeRow,
  }],
  ['organizations.restore', (c) => c.organizations.restore(acme), `POST /organizations/${acme}/restore`, {
    organization: acmeRow,
  }],
  [
    'organizations.previewPlan',
    (c) => c.organizations.previewPlan(acme, 'basic'),
    `GET /organizations/${acme}/plan-preview/basic`,
    {
      preview: {
        organization_id: acme,
        from: 'professional',
        to: 'basic',
        quotas: [{ quota: 'users', limit: 5, used: 7, over_by: 2 }],
        features: { gained: [], lost: ['Recording'] },
      },
    },
  ],
  ['members.list', (c) => c.members.list(acme), `GET /organizations/${acme}/members`, { members: [], ...page }],
  [
    'members.changeRole',
    (c) => c.members.changeRole(acme, user, 'admin'),
    `PATCH /organizations/${acme}/members/${user}`,
    {
      member,
      ended,
    },
  ],
  ['members.remove', (c) => c.members.remove(acme, user), `DELETE /organizations/${acme}/members/${user}`, {
    member,
    ended,
  }],
  ['members.suspend', (c) => c.members.suspend(acme, user), `POST /organizations/${acme}/members/${user}/suspend`, {
    member,
    ended,
  }],
  [
    'members.reactivate',
    (c) => c.members.reactivate(acme, user),
    `POST /organizations/${acme}/members/${user}/reactivate`,
    { member },
  ],
  [
    'members.transferOwnership',
    (c) => c.members.transferOwnership(acme, user),
    `POST /organizations/${acme}/transfer-ownership`,
    { organization: acmeRow },
  ],
  [
    'invitations.createLink',
    (c) => c.invitations.createLink(acme, { max_uses: 3 }),
    `POST /organizations/${acme}/invitation-links`,
    { ...issuedInvitation, invitation: { ...invitation, kind: 'link', email: null } },
  ],
  [
    'invitations.create',
    (c) => c.invitations.create(acme, { email: 'mia@acme.test', role: 'member' }),
    `POST /organizations/${acme}/invitations`,
    issuedInvitation,
  ],
  [
    'invitations.list',
    (c) => c.invitations.list(acme, { status: 'expired' }),
    `GET /organizations/${acme}/invitations`,
    { invitations: [invitation], ...page },
  ],
  ['invitations.revoke', (c) => c.invitations.revoke(acme, id), `DELETE /organizations/${acme}/invitations/${id}`, {
    invitation,
  }],
  [
    'invitations.resend',
    (c) => c.invitations.resend(acme, id),
    `POST /organizations/${acme}/invitations/${id}/resend`,
    issuedInvitation,
  ],
  ['invitations.preview', (c) => c.invitations.preview('inv_x'), 'POST /invitations/preview', {
    organization: card,
    role: 'member',
    email_hint: 'm***',
    allowed_domains: null,
    expires_at: invitation.expires_at,
  }],
  ['invitations.accept', (c) => c.invitations.accept('inv_x'), 'POST /invitations/accept', {
    organization: acmeRow,
    role: 'member',
  }],
  ['invitations.decline', (c) => c.invitations.decline('inv_x'), 'POST /invitations/decline', {
    organization: card,
    role: 'member',
  }],
  ['invitations.received', (c) => c.invitations.received(), 'GET /invitations', { invitations: [] }],
  ['invitations.acceptReceived', (c) => c.invitations.acceptReceived(id), `POST /invitations/${id}/accept`, {
    organization: acmeRow,
    role: 'member',
  }],
  ['invitations.declineReceived', (c) => c.invitations.declineReceived(id), `POST /invitations/${id}/decline`, {
    organization: card,
    role: 'member',
  }],
  ['audit.list', (c) => c.audit.list(acme, { action: 'member.left' }), `GET /organizations/${acme}/audit`, {
    entries: [],
    ...page,
  }],
  ['audit.export', (c) => c.audit.export(acme, { format: 'csv' }), `POST /organizations/${acme}/audit/export`, {
    entries: [],
    ...page,
  }],
  ['audit.verify', (c) => c.audit.verify(acme), `GET /organizations/${acme}/audit/verification`, {
    ok: true,
    entries: 0,
    faults: [],
    head: null,
  }],
  ['domains.claim', (c) => c.domains.claim(acme, { domain: 'acme.test' }), `POST /organizations/${acme}/domains`, {
    domain: acmeDomain,
  }],
  ['domains.list', (c) => c.domains.list(acme), `GET /organizations/${acme}/domains`, {
    domains: [acmeDomain],
    ...page,
  }],
  ['domains.verify', (c) => c.domains.verify(acme, id), `POST /organizations/${acme}/domains/${id}/verify`, {
    domain: { ...acmeDomain, verified_at: acmeDomain.created_at },
  }],
  [
    'domains.update',
    (c) => c.domains.update(acme, id, { join_mode: 'automatic' }),
    `PATCH /organizations/${acme}/domains/${id}`,
    { domain: acmeDomain },
  ],
  ['domains.remove', (c) => c.domains.remove(acme, id), `DELETE /organizations/${acme}/domains/${id}`, {
    domain: acmeDomain,
    ended: { join_requests: 0 },
  }],
  ['leadFields.list', (c) => c.leadFields.list(acme), `GET /organizations/${acme}/lead-fields`, {
    fields: [budgetField],
  }],
  [
    'leadFields.create',
    (c) => c.leadFields.create(acme, { key: 'budget', label: 'Budget', type: 'number' }),
    `POST /organizations/${acme}/lead-fields`,
    { field: budgetField },
  ],
  [
    'leadFields.update',
    (c) => c.leadFields.update(acme, id, { required: true }),
    `PATCH /organizations/${acme}/lead-fields/${id}`,
    { field: { ...budgetField, required: true } },
  ],
  [
    'leadFields.remove',
    (c) => c.leadFields.remove(acme, id),
    `DELETE /organizations/${acme}/lead-fields/${id}`,
    { field: budgetField },
  ],
  ['branding.find', (c) => c.branding.find({ host: 'calls.acme.test' }), 'GET /branding', {
    branding: { product_name: 'Acme Calls' },
  }],
  ['branding.get', (c) => c.branding.get(acme), `GET /organizations/${acme}/branding`, { branding: acmeBranding }],
  [
    'branding.update',
    (c) => c.branding.update(acme, { product_name: 'Acme Calls' }),
    `PATCH /organizations/${acme}/branding`,
    { branding: acmeBranding },
  ],
  ['branding.verifyHost', (c) => c.branding.verifyHost(acme), `POST /organizations/${acme}/branding/verify`, {
    branding: { ...acmeBranding, host: null },
  }],
  ['joining.organizations', (c) => c.joining.organizations(), 'GET /invitations/organizations', { organizations: [] }],
  ['joining.join', (c) => c.joining.join(acme), 'POST /invitations/join', { organization: acmeRow, role: 'member' }],
  ['joining.requests', (c) => c.joining.requests(acme), `GET /organizations/${acme}/join-requests`, {
    requests: [joinRequest],
    ...page,
  }],
  [
    'joining.approve',
    (c) => c.joining.approve(acme, id),
    `POST /organizations/${acme}/join-requests/${id}/approve`,
    { request: joinRequest },
  ],
  ['joining.refuse', (c) => c.joining.refuse(acme, id), `POST /organizations/${acme}/join-requests/${id}/refuse`, {
    request: joinRequest,
  }],
  [
    'usage.get',
    (c) => c.usage.get(acme, { by: 'month', compare: true }),
    `GET /organizations/${acme}/usage`,
    usageOfAcme,
  ],
  ['usage.list', (c) => c.usage.list({ from: '2026-11-01' }), 'GET /organizations/usage', {
    organizations: [],
    totals: used,
    ...page,
  }],
  ['billing.plans', (c) => c.billing.plans(), 'GET /billing/plans', { plans: [] }],
  [
    'billing.checkout',
    (c) => c.billing.checkout(acme, { tier: 'basic' }),
    `POST /billing/${acme}/checkout`,
    { price_id: 'price_1', customer_id: 'cus_1', ...stripePage },
  ],
  ['billing.portal', (c) => c.billing.portal(acme), `POST /billing/${acme}/portal`, {
    customer_id: 'cus_1',
    ...stripePage,
  }],
  ['activeOrganization.get', (c) => c.activeOrganization.get(), 'GET /active-organization', {
    organization_id: acme,
    role: 'owner',
  }],
  ['activeOrganization.set', (c) => c.activeOrganization.set(acme), 'PUT /active-organization', {
    organization_id: acme,
    role: 'owner',
  }],
  ['activeOrganization.clear', (c) => c.activeOrganization.clear(), 'DELETE /active-organization', {
    organization_id: null,
    role: null,
  }],
  ['records.create', (c) => c.records.create('leads', [{ phone_number: '+14155550100' }]), 'POST /records/leads', [{
    id: 1,
  }]],
  ['records.searchLeads', (c) => c.records.searchLeads('iris', { limit: 5 }), 'GET /records/leads/search', {
    leads: [],
    next_cursor: null,
  }],
  ['health.live', (c) => c.health.live(), 'GET /health/live', true],
  ['health.ready', (c) => c.health.ready(), 'GET /health/ready', true],
  ['openApi', (c) => c.openApi(), 'GET /openapi', true],
]

describe('the client', () => {
  it.each(calls)('%s makes its request and answers data', async (_name, call, expected, answer) => {
    const { client, requests } = await createClient(() =>
      Response.json(answer, { headers: { 'content-range': '*/1' } })
    )
    const result = await call(client)
    expect(result.error).toBeNull()
    expect(result).toMatchObject({ data: expect.anything() })
    expect(requests.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([expected])
  })

  it('covers every route', async () => {
    const { routes } = await import('../../shared/contract/routes/index.ts')
    const known = Object.values(routes).map(({ method, path }) => `${method.toUpperCase()} ${path}`)
    const covered = calls.map(([, , request]) =>
      request.replace(acme, '{organization_id}').replace(user, '{user_id}').replace(/\/leads$/, '/{table}')
        .replace('plan-preview/basic', 'plan-preview/{tier}')
        .replace(/(invitation|domain|request|field)s\/c[c-]{11,}[\w-]+/, '$1s/{$1_id}')
    )
    expect(covered.sort()).toEqual(known.sort())
  })

  const key = { idempotencyKey: crypto.randomUUID() }
  const retries: Record<string, (client: OrganizationsClient) => Promise<unknown>> = {
    'POST /organizations': (c) => c.organizations.create({ name: 'Acme' }, key),
    'POST /organizations/{organization_id}/restore': (c) => c.organizations.restore(acme, key),
    'POST /organizations/{organization_id}/invitations': (c) =>
      c.invitations.create(acme, { email: 'mia@acme.test', role: 'member' }, key),
    'POST /organizations/{organization_id}/invitations/{invitation_id}/resend': (c) =>
      c.invitations.resend(acme, id, key),
    'POST /invitations/accept': (c) => c.invitations.accept('inv_x', key),
    'POST /invitations/decline': (c) => c.invitations.decline('inv_x', key),
    'POST /invitations/{invitation_id}/accept': (c) => c.invitations.acceptReceived(id, key),
    'POST /invitations/{invitation_id}/decline': (c) => c.invitations.declineReceived(id, key),
    'POST /records/{table}': (c) => c.records.create('leads', {}, key),
    'POST /organizations/{organization_id}/invitation-links': (c) => c.invitations.createLink(acme, {}, key),
    'POST /organizations/{organization_id}/members/{user_id}/suspend': (c) => c.members.suspend(acme, user, key),
    'POST /organizations/{organization_id}/members/{user_id}/reactivate': (c) => c.members.reactivate(acme, user, key),
    'POST /organizations/{organization_id}/transfer-ownership': (c) => c.members.transferOwnership(acme, user, key),
    'POST /organizations/{organization_id}/domains': (c) => c.domains.claim(acme, { domain: 'acme.test' }, key),
    'POST /organizations/{organization_id}/domains/{domain_id}/verify': (c) => c.domains.verify(acme, id, key),
    'POST /organizations/{organization_id}/lead-fields': (c) =>
      c.leadFields.create(acme, { key: 'budget', label: 'Budget', type: 'number' }, key),
    'POST /organizations/{organization_id}/branding/verify': (c) => c.branding.verifyHost(acme, key),
    'POST /invitations/join': (c) => c.joining.join(acme, key),
    'POST /organizations/{organization_id}/join-requests/{request_id}/approve': (c) => c.joining.approve(acme, id, key),
    'POST /organizations/{organization_id}/join-requests/{request_id}/refuse': (c) => c.joining.refuse(acme, id, key),
  }

  it.each(Object.entries(retries))('sends an idempotency key with %s', async (_, call) => {
    const { client, requests } = await createClient()
    await call(client)
    await call(client.withOrganization(acme))
    expect(requests.map(({ headers }) => [headers.get('idempotency-key'), headers.get('x-organization-id')])).toEqual([
      [key.idempotencyKey, null],
      [key.idempotencyKey, acme],
    ])
  })

  it('sends an idempotency key wherever a route takes one', async () => {
    const { routes } = await import('../../shared/contract/routes/index.ts')
    const { takesIdempotencyKey } = await import('../../shared/contract/routes/parts.ts')
    const taking = Object.values(routes).filter(takesIdempotencyKey)
    expect(Object.keys(retries).sort()).toEqual(
      taking.map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort(),
    )
  })

  it('sends what a page is to be', async () => {
    const { client, asked } = await createClient(() => Response.json({ organizations: [], ...page }))
    await client.organizations.list({ limit: 5, cursor: 'a+b/c=', includeDeleted: true })
    await client.organizations.list()
    expect(asked.map(({ body }) => body)).toEqual([
      { page_limit: 5, page_cursor: 'a+b/c=', include_deleted: true },
      { include_deleted: false },
    ])
  })

  it('answers a refusal with all that is known', async () => {
    const details = JSON.stringify({ limit: 5, used: 5, plan: 'basic' })
    const { client } = await createClient(() =>
      Response.json({ code: 'PT402', hint: 'quota_exceeded', message: 'Five of five.', details }, { status: 402 })
    )
    const { data, error } = await client.organizations.create({ name: 'Acme' })
    expect(data).toBeNull()
    expect(error).toBeInstanceOf(ProblemError)
    expect(error).toMatchObject({
      code: 'quota_exceeded',
      status: 402,
      detail: 'Five of five.',
      message: 'Five of five.',
    })
    expect(error?.details).toMatchObject({ limit: 5, used: 5, plan: 'basic' })
    expect(error?.requestId).toBe(error?.details?.instance)
    // An answer that does not say which quota has none.
    expect(error?.quota).toBeUndefined()
  })

  it('says which quota was exceeded, and nothing of the kind for other refusals', async () => {
    const quota = { quota: 'calls', limit: 5, used: 4, requested: 2, plan: 'basic', resets_at: '2026-12-01T00:00:00Z' }
    const refusal = { code: 'PT402', hint: 'quota_exceeded', message: 'Five.', details: JSON.stringify(quota) }
    const { client } = await createClient(() => Response.json(refusal, { status: 402 }))
    const { error } = await client.organizations.create({ name: 'Acme' })
    expect(error?.quota).toMatchObject(quota)
    const other = await createClient(() =>
      Response.json({ ...refusal, code: 'PT409', hint: 'conflict' }, { status: 409 })
    )
    expect((await other.client.organizations.create({ name: 'Acme' })).error?.quota).toBeUndefined()
  })

  it('points to the values that were not acceptable', async () => {
    const { client } = await createClient()
    const { error } = await client.organizations.create({ name: ' ' })
    expect(error).toMatchObject({ code: 'validation_failed', status: 422, errors: [{ pointer: '/name' }] })
  })

  it.each([
    [401, 'unauthenticated'],
    [404, 'not_found'],
    [429, 'rate_limited'],
    [500, 'internal'],
    [502, 'unavailable'],
    [546, 'unavailable'],
  ])('knows what a %i of the platform means: %s', async (status, code) => {
    const invoker = new FunctionsClient('http://functions.test', {
      customFetch: () => Promise.resolve(Response.json({ code: 'PLATFORM', message: 'no' }, { status })),
    })
    const { error } = await createOrganizationsClient({ functions: invoker }).invitations.received()
    expect(error).toMatchObject({ code, status })
  })

  it('never throws, not even without a network', async () => {
    const invoker = new FunctionsClient('http://functions.test', {
      customFetch: () => Promise.reject(new TypeError('offline')),
    })
    const { data, error } = await createOrganizationsClient({ functions: invoker }).health.live()
    expect(data).toBeNull()
    expect(error).toMatchObject({ code: 'unavailable', status: 0 })
  })
})

describe('a client with an organization', () => {
  it('acts in that one, and leaves the others alone', async () => {
    const { client, asked } = await createClient(() =>
      Response.json([{ id: 1 }], { headers: { 'content-range': '*/1' } })
    )
    const inAcme = client.withOrganization(acme)
    await inAcme.records.create('leads', {})
    await inAcme.withOrganization(globex).records.create('leads', {})
    await client.records.create('leads', {})
    expect(asked.map(({ headers }) => headers.get('x-organization-id'))).toEqual([acme, globex, null])
  })

  it('still switches the session', async () => {
    const { client, asked } = await createClient(() => Response.json({ organization_id: globex, role: 'member' }))
    await client.withOrganization(acme).activeOrganization.set(globex)
    expect(asked[0]?.headers.has('x-organization-id')).toBe(false)
    expect(asked[0]?.body).toEqual({ organization_id: globex })
  })
})
