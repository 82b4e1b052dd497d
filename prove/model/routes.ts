/** A request to a function. */
export interface RouteRequest {
  method: string
  path: string
  json?: unknown
}

type Args = Record<string, unknown>

/** The route of the functions that leads to an entry point of the database; the others are asked in the Data API. */
const routes: Record<string, (args: Args) => RouteRequest> = {
  create_organization: (json) => ({ method: 'POST', path: '/organizations', json }),
  list_organizations: ({ include_deleted }) => ({
    method: 'GET',
    path: `/organizations?limit=100&include_deleted=${include_deleted}`,
  }),
  get_organization: ({ organization_id }) => ({ method: 'GET', path: `/organizations/${organization_id}` }),
  update_organization: ({ organization_id, changes }) => ({
    method: 'PATCH',
    path: `/organizations/${organization_id}`,
    json: changes,
  }),
  delete_organization: ({ organization_id }) => ({ method: 'DELETE', path: `/organizations/${organization_id}` }),
  restore_organization: ({ organization_id }) => ({
    method: 'POST',
    path: `/organizations/${organization_id}/restore`,
  }),
  list_members: ({ organization_id }) => ({ method: 'GET', path: `/organizations/${organization_id}/members` }),
  change_member: ({ organization_id, user_id, role }) => ({
    method: 'PATCH',
    path: `/organizations/${organization_id}/members/${user_id}`,
    json: { role },
  }),
  remove_member: ({ organization_id, user_id }) => ({
    method: 'DELETE',
    path: `/organizations/${organization_id}/members/${user_id}`,
  }),
  suspend_member: ({ organization_id, user_id }) => ({
    method: 'POST',
    path: `/organizations/${organization_id}/members/${user_id}/suspend`,
  }),
  reactivate_member: ({ organization_id, user_id }) => ({
    method: 'POST',
    path: `/organizations/${organization_id}/members/${user_id}/reactivate`,
  }),
  transfer_ownership: ({ organization_id, user_id }) => ({
    method: 'POST',
    path: `/organizations/${organization_id}/transfer-ownership`,
    json: { user_id },
  }),
  create_invitation_link: ({ organization_id, ...json }) => ({
    method: 'POST',
    path: `/organizations/${organization_id}/invitation-links`,
    json,
  }),
  create_invitation: ({ organization_id, ...json }) => ({
    method: 'POST',
    path: `/organizations/${organization_id}/invitations`,
    json,
  }),
  list_invitations: ({ organization_id, invitation_status }) => ({
    method: 'GET',
    path: `/organizations/${organization_id}/invitations?status=${invitation_status}`,
  }),
  resend_invitation: ({ organization_id, invitation_id }) => ({
    method: 'POST',
    path: `/organizations/${organization_id}/invitations/${invitation_id}/resend`,
  }),
  revoke_invitation: ({ organization_id, invitation_id }) => ({
    method: 'DELETE',
    path: `/organizations/${organization_id}/invitations/${invitation_id}`,
  }),
  preview_invitation: (json) => ({ method: 'POST', path: '/invitations/preview', json }),
  accept_invitation: (json) => ({ method: 'POST', path: '/invitations/accept', json }),
  decline_invitation: (json) => ({ method: 'POST', path: '/invitations/decline', json }),
  my_invitations: () => ({ method: 'GET', path: '/invitations' }),
  active_organization: () => ({ method: 'GET', path: '/active-organization' }),
  set_active_organization: (json) => ({ method: 'PUT', path: '/active-organization', json }),
  clear_active_organization: () => ({ method: 'DELETE', path: '/active-organization' }),
}

/** The route of a call; undefined for what only the database offers. */
export function routeOf(name: string, args: Args): RouteRequest | undefined {
  // The contract of the functions doesn't know an invitation to ownership: what the database says to it is asked there.
  if (name === 'create_invitation' && args.role === 'owner') return undefined
  return routes[name]?.(args)
}
