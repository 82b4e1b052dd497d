import { z } from 'zod'
import { roles } from '../roles.ts'

/** A person's role in one organization. */
export const OrganizationRole = z.enum(roles).meta({ id: 'OrganizationRole' })
export type OrganizationRole = z.infer<typeof OrganizationRole>

/** A role that an invitation can give: owners are made, not invited. */
export const InvitableRole = OrganizationRole.exclude(['owner']).meta({ id: 'InvitableRole' })
export type InvitableRole = z.infer<typeof InvitableRole>
