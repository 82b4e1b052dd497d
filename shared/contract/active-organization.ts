import { z } from 'zod'
import { OrganizationRole } from './role.ts'
import { Uuid } from './values.ts'

/** Which organization this session should act in from now on. */
export const SetActiveOrganization = z.strictObject({ organization_id: Uuid }).meta({ id: 'SetActiveOrganization' })
export type SetActiveOrganization = z.infer<typeof SetActiveOrganization>

/** Where requests act now, and the caller's role there; null where nothing is active. */
export const ActiveOrganizationAnswer = z.object({
  organization_id: Uuid.nullable(),
  role: OrganizationRole.nullable(),
}).meta({ id: 'ActiveOrganizationAnswer' })
export type ActiveOrganizationAnswer = z.infer<typeof ActiveOrganizationAnswer>
