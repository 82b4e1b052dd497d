import fc from 'fast-check'
import { routes } from '../../shared/contract/routes/index.ts'
import { protectedTables } from '../../shared/roles.ts'
import { toQuery, type Unsigned } from './reading.ts'
import type { Column, Routine } from './schema.ts'
import { encode, organizationHeader } from './selecting.ts'
import { address, organizationId, rowId, token, userId, weighted } from './values.ts'

const n = fc.nat(40)

/** Names carry the sequence's mark: which slugs others have is a known channel. */
export const organizationName = n.map((n) => `Initech ${n} {mark}`)
const slug = n.map((n) => `initech-${n}-{mark}`)
const invitationId = rowId('organization_invitations')
const domainId = rowId('organization_domains')
const requestId = rowId('join_requests')
const fieldId = rowId('lead_fields')
const fieldKey = fc.constantFrom('a', 'b', 'budget', 'B')
const fieldType = fc.constantFrom('text', 'number', 'choice', 'x')
// Which domains others have verified is a known channel; without a proof nothing of it shows.
const host = fc.constantFrom('calls-{mark}.test', 'globex.test', 'x')
const looks = fc.record({
  product_name: fc.constantFrom('Acme Calls', null),
  color_light: fc.constantFrom('#0b5394', 'red'),
  host,
}, { requiredKeys: [] })
const domain = fc.constantFrom('acme-{mark}.test', 'more-{mark}.test', 'globex.test', 'gmail.com', 'x')
const joinMode = fc.constantFrom('automatic', 'approval', 'x')
const role = fc.constantFrom('member', 'manager', 'admin', 'owner', 'OWNER')
const firstName = fc.tuple(fc.nat(5000), n).map(([id, n]) => ({ id: `{new:${id}}`, phone_number: `+155501${n + 10}` }))
const limit = fc.constantFrom(50, 1, 2, 0)
// Their numbers, a number of one alone, and what is anywhere in each.
const search = fc.constantFrom('155501', '15550100', '01', '%', 'x')
const cursor = weighted<unknown>([3, fc.constant(null)], [1, fc.nat(3).map((n) => `{cursor:${n}}`)])

const changes = fc.record({
  name: organizationName,
  slug,
  timezone: fc.constantFrom('Europe/Berlin', 'Nowhere'),
  owner_email: address,
  settings: fc.constant({ branding: { color: 'red' } }),
  calling_hours_start: fc.constantFrom('08:00', null, 'x'),
  calling_hours_end: fc.constantFrom('20:00', null),
  default_caller_id: fc.constantFrom('+15550101', '+16660001', null),
}, { requiredKeys: [] })

/** What an argument of this name can be; an argument nobody described gets a value of its type. */
function argument({ name, type }: Column): fc.Arbitrary<unknown> {
  const byName: Record<string, fc.Arbitrary<unknown>> = {
    organization_id: organizationId,
    org_uuid: organizationId,
    user_uuid: userId,
    user_id: userId,
    invitation_id: invitationId,
    domain_id: domainId,
    request_id: requestId,
    field_id: fieldId,
    key: fieldKey,
    type: fieldType,
    options: fc.constantFrom(null, ['x', 'y'], ['x', 'x']),
    host,
    domain,
    join_mode: joinMode,
    proof: fc.constantFrom('', `1700000000.${'0'.repeat(64)}.${'0'.repeat(64)}`),
    email: address,
    role,
    token,
    name: organizationName,
    slug,
    changes,
    page_limit: limit,
    page_cursor: cursor,
    query: search,
    timezone: fc.constantFrom('UTC', 'Nowhere'),
    contact_phone: fc.constantFrom('+15550100', 'x'),
    settings: fc.constant({ branding: {} }),
    request_status: fc.constantFrom('all', 'pending', 'x'),
    invitation_status: fc.constantFrom('all', 'pending', 'x'),
    table_name: fc.constantFrom(...protectedTables, 'leads', 'profiles'),
    records: weighted<unknown>([3, firstName], [1, fc.array(firstName, { minLength: 1, maxLength: 3 })]),
  }
  const byType: Record<string, fc.Arbitrary<unknown>> = {
    uuid: weighted([1, organizationId], [1, userId]),
    bool: fc.boolean(),
    int4: fc.constantFrom(1, 7, 0),
  }
  return byName[name] ?? byType[type] ?? fc.constantFrom('x', null)
}

/** Calls of the API's functions: right ones, ones with a missing or an unknown argument, reads of what writes. */
export function routines(all: Routine[]): fc.Arbitrary<Unsigned> {
  // An organization that is gone ends most of what a sequence can do.
  const rare = all.filter(({ name }) => name === 'delete_organization')
  const often = all.filter((routine) => !rare.includes(routine))
  return weighted([30, fc.constantFrom(...often)], [rare.length, fc.constantFrom(...rare, ...often.slice(0, 1))])
    .chain((routine) => {
      const given = fc.record(Object.fromEntries(routine.arguments.map((one) => [one.name, argument(one)])))
      return fc.tuple(
        given,
        weighted([8, fc.constant('')], [1, fc.constantFrom('less', 'more', 'typo', 'broken')]),
        weighted([4, fc.constant('POST')], [1, fc.constantFrom('GET', 'HEAD', 'PUT')]),
        organizationHeader,
        weighted([6, fc.constant('')], [1, fc.constantFrom('count=exact', 'params=single-object')]),
      ).map(([given, wrong, method, organization, prefer]): Unsigned => {
        const entries = Object.entries(given)
        const sent = Object.fromEntries(
          wrong === 'less' ? entries.slice(1) : wrong === 'more' ? [...entries, ['user_id', '{user:bob}']] : entries,
        )
        const path = `/rpc/${routine.name}${wrong === 'typo' ? 's' : ''}`
        const headers = { ...organization, ...(prefer && { prefer }) }
        if (method === 'GET' || method === 'HEAD') {
          const query = Object.entries(sent).map(([name, value]) =>
            `${name}=${encode(typeof value === 'string' ? value : JSON.stringify(value))}`
          )
          return { api: 'rest', method, path: path + toQuery(query), headers, ordered: true }
        }
        const json = JSON.stringify(sent)
        return {
          api: 'rest',
          method,
          path,
          headers: { ...headers, 'content-type': 'application/json' },
          body: wrong === 'broken' ? json.slice(1) : json,
          ordered: true,
        }
      })
    })
}

const bodies: Record<string, fc.Arbitrary<unknown>> = {
  createOrganization: fc.record({ name: organizationName, slug, timezone: fc.constant('UTC') }, {
    requiredKeys: ['name'],
  }),
  updateOrganization: changes,
  createInvitation: fc.record({ email: address, role, expires_in_days: fc.constantFrom(1, 7, 31) }, {
    requiredKeys: ['email', 'role'],
  }),
  previewInvitation: fc.record({ token }),
  acceptInvitation: fc.record({ token }),
  declineInvitation: fc.record({ token }),
  claimDomain: fc.record({ domain, join_mode: joinMode }, { requiredKeys: ['domain'] }),
  updateBranding: looks,
  updateDomain: fc.record({ join_mode: joinMode }),
  createLeadField: fc.record({ key: fieldKey, label: fc.constant('A'), type: fieldType, required: fc.boolean() }, {
    requiredKeys: ['key', 'label', 'type'],
  }),
  updateLeadField: fc.record({ required: fc.boolean(), position: fc.constantFrom(1, 2, 0) }, { requiredKeys: [] }),
  joinOrganization: fc.record({ organization_id: organizationId }),
  setActiveOrganization: fc.record({ organization_id: organizationId }),
  createRecords: weighted<unknown>([3, firstName], [1, fc.array(firstName, { minLength: 1, maxLength: 3 })]),
}

interface Route {
  operationId?: string
  method: string
  path: string
  request?: object
}

/** Every route of the functions, with ids of one's own, of others, and of nobody. */
export function functionRoutes(tables: string[]): fc.Arbitrary<Unsigned> {
  const all: Route[] = Object.values(routes).filter(({ operationId }) => operationId !== 'openApi')
  const rare = all.filter(({ operationId }) => operationId === 'deleteOrganization')
  const often = all.filter((route) => !rare.includes(route))
  const table = weighted([3, fc.constantFrom(...tables)], [1, fc.constantFrom(...protectedTables, 'leads', 'profiles')])
  return weighted([20, fc.constantFrom(...often)], [1, fc.constantFrom(...rare)]).chain(
    ({ operationId = '', method, path, request }) =>
      fc.tuple(
        weighted([14, organizationId], [1, fc.constant('x')]),
        fc.tuple(invitationId, domainId, requestId, fieldId),
        userId,
        table,
        bodies[operationId] ?? fc.constant({}),
        organizationHeader,
        weighted([14, fc.constant('')], [1, fc.constantFrom('broken', 'strange', 'text')]),
        weighted([4, fc.constant('')], [
          1,
          fc.constantFrom('?limit=1', '?limit=1&cursor={cursor:0}', '?status=all', '?limit=x'),
        ]),
        search,
      ).map(
        ([organization, [invitation, domain, joining, field], user, table, body, header, wrong, page, q]): Unsigned => {
          const query = operationId === 'searchLeads' ? `?q=${encode(q)}${page.replace('?', '&')}` : page
          const json = JSON.stringify(wrong === 'strange' ? { ...Object(body), user_id: '{user:bob}' } : body)
          const hasBody = request !== undefined && 'body' in request
          return {
            api: 'functions',
            method: method.toUpperCase(),
            path: path
              .replace('{organization_id}', organization)
              .replace('{invitation_id}', invitation)
              .replace('{domain_id}', domain)
              .replace('{request_id}', joining)
              .replace('{field_id}', field)
              .replace('{tier}', 'professional')
              .replace('{user_id}', user)
              .replace('{table}', table) + (method === 'get' ? query : ''),
            headers: {
              ...header,
              ...(hasBody && { 'content-type': wrong === 'text' ? 'text/plain' : 'application/json' }),
            },
            ...(hasBody && { body: wrong === 'broken' ? json.slice(0, -1) : json }),
            ordered: true,
          }
        },
      ),
  )
}
