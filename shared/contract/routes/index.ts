import * as activeOrganization from './active-organization.ts'
import * as audit from './audit.ts'
import * as billing from './billing.ts'
import * as branding from './branding.ts'
import * as domains from './domains.ts'
import * as health from './health.ts'
import * as invitations from './invitations.ts'
import * as joining from './joining.ts'
import * as leadFields from './lead-fields.ts'
import * as members from './members.ts'
import * as organizations from './organizations.ts'
import * as planPreview from './plan-preview.ts'
import * as records from './records.ts'
import * as usage from './usage.ts'

/** Every route there is, under its operation id. */
export const routes = {
  ...usage,
  ...organizations,
  ...members,
  ...invitations,
  ...audit,
  ...domains,
  ...branding,
  ...joining,
  ...leadFields,
  ...planPreview,
  ...activeOrganization,
  ...records,
  ...billing,
  ...health,
}
