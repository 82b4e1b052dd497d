import * as activeOrganization from './active-organization.ts'
import * as audit from './audit.ts'
import * as billing from './billing.ts'
import * as domains from './domains.ts'
import * as health from './health.ts'
import * as invitations from './invitations.ts'
import * as joining from './joining.ts'
import * as members from './members.ts'
import * as organizations from './organizations.ts'
import * as records from './records.ts'

/** Every route there is, under its operation id. */
export const routes = {
  ...organizations,
  ...members,
  ...invitations,
  ...audit,
  ...domains,
  ...joining,
  ...activeOrganization,
  ...records,
  ...billing,
  ...health,
}
