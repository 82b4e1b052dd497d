import type { ActiveOrganizationAnswer } from '../contract/active-organization.ts'
import type { HealthAnswer } from '../contract/health.ts'
import type { CreateRecords, LeadsAnswer, RecordsAnswer } from '../contract/records.ts'
import type { ProtectedTable } from '../roles.ts'
import { createAudit } from './audit.ts'
import { createBilling } from './billing.ts'
import { createBranding } from './branding.ts'
import { createDomains } from './domains.ts'
import { createInvitations } from './invitations.ts'
import { createJoining } from './joining.ts'
import { createLeadFields } from './lead-fields.ts'
import { createMembers } from './members.ts'
import { createOrganizations, type PageOptions } from './organizations.ts'
import { createRequest, type Request, type Result, type RetryOptions, type Supabase } from './request.ts'
import { createUsage } from './usage.ts'

export { ProblemError } from './problem-error.ts'
export type { PageOptions } from './organizations.ts'
export type { Result, RetryOptions, Supabase } from './request.ts'

const createActiveOrganization = (request: Request, sessionRequest: Request) => ({
  /** Where requests act now, and the caller's role there. */
  get: () => request<ActiveOrganizationAnswer>('GET', 'active-organization'),

  /** Switches this session to an organization. */
  set: (organizationId: string) =>
    sessionRequest<ActiveOrganizationAnswer>('PUT', 'active-organization', {
      body: { organization_id: organizationId },
    }),

  /** Forgets this session's choice. */
  clear: () => sessionRequest<ActiveOrganizationAnswer>('DELETE', 'active-organization'),
})

const createRecords = (request: Request) => ({
  /**
   * Stores one row, or up to 1,000 together. The database stamps organization and author.
   *
   * @example
   * const { data, error } = await client.withOrganization(acme.id).records.create('leads', [{ phone_number: '+14155550100' }])
   */
  create: (table: ProtectedTable, rows: CreateRecords, retry: RetryOptions = {}) =>
    request<RecordsAnswer>('POST', `records/${table}`, { ...retry, body: rows }),

  /**
   * Looks leads up by any parts of names, company, e-mail or number; the best matches first.
   *
   * @example
   * const { data } = await client.records.searchLeads('iris 0123')
   */
  searchLeads: (words: string, page: PageOptions = {}) =>
    request<LeadsAnswer>('GET', 'records/leads/search', { query: { q: words, ...page } }),
})

const createHealth = (request: Request) => ({
  /** Whether functions run. */
  live: () => request<HealthAnswer>('GET', 'health/live'),

  /** Whether requests can be served. */
  ready: () => request<HealthAnswer>('GET', 'health/ready'),
})

/** What `createOrganizationsClient` answers. */
export interface OrganizationsClient {
  organizations: ReturnType<typeof createOrganizations>
  members: ReturnType<typeof createMembers>
  invitations: ReturnType<typeof createInvitations>
  audit: ReturnType<typeof createAudit>
  domains: ReturnType<typeof createDomains>
  branding: ReturnType<typeof createBranding>
  joining: ReturnType<typeof createJoining>
  leadFields: ReturnType<typeof createLeadFields>
  usage: ReturnType<typeof createUsage>
  billing: ReturnType<typeof createBilling>
  activeOrganization: ReturnType<typeof createActiveOrganization>
  records: ReturnType<typeof createRecords>
  health: ReturnType<typeof createHealth>

  /** The OpenAPI document of all functions. */
  openApi: () => Promise<Result<Record<string, unknown>>>

  /**
   * A client whose requests act in this organization, whichever is active: a browser tab can keep to one.
   * `activeOrganization.set` and `clear` still speak for the session.
   */
  withOrganization: (organizationId: string) => OrganizationsClient
}

/**
 * A typed client of all functions, for browsers, Deno and Node. It makes its requests through a supabase-js client, as
 * whoever is signed in there. Every method answers `{ data, error }`; `error` is a `ProblemError` with a `code`.
 *
 * @example
 * const client = createOrganizationsClient(createClient(url, publishableKey))
 * const { data, error } = await client.organizations.create({ name: 'Acme' })
 * if (error) throw error
 * const acme = client.withOrganization(data.organization.id)
 * await acme.records.create('leads', { phone_number: '+14155550100' })
 */
export const createOrganizationsClient = (supabase: Supabase): OrganizationsClient => createClient(supabase)

function createClient(supabase: Supabase, organizationId?: string): OrganizationsClient {
  const request = createRequest(supabase, organizationId)
  return {
    organizations: createOrganizations(request),
    members: createMembers(request),
    invitations: createInvitations(request),
    audit: createAudit(request),
    domains: createDomains(request),
    branding: createBranding(request, supabase.storage),
    joining: createJoining(request),
    leadFields: createLeadFields(request),
    usage: createUsage(request),
    billing: createBilling(request),
    activeOrganization: createActiveOrganization(request, createRequest(supabase)),
    records: createRecords(request),
    health: createHealth(request),
    openApi: () => request<Record<string, unknown>>('GET', 'openapi'),
    withOrganization: (id) => createClient(supabase, id),
  }
}
