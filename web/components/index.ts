// React components and hooks for organizations, for any app that uses this backend. `npm run build:components` makes a
// package of them, together with the typed client that they work through.

export type { Permission, Role } from '../../shared/roles.ts'
export { AcceptInvitation } from './accept-invitation.tsx'
export { Billing, type Checkout } from './billing.tsx'
export { OrganizationsProvider, type Person, useOrganizationsContext, usePerson } from './context.tsx'
export { CreateOrganization } from './create-organization.tsx'
export { DeletedOrganizations } from './deleted-organizations.tsx'
export {
  useActiveOrganization,
  useAuditLog,
  useBranding,
  useCan,
  useDomains,
  useInvitationPreview,
  useInvitations,
  useJoinRequests,
  useLeadFields,
  useMembers,
  useOrganizations,
  useOwnBranding,
  usePlanPreview,
  usePlans,
  useReceived,
  useUsage,
} from './hooks.ts'
export { BrandMark, paintBrand } from './brand.tsx'
export { InvitationList } from './invitation-list.tsx'
export {
  isProfileSection,
  OrganizationProfile,
  OrganizationSection,
  type ProfileSection,
} from './organization-profile.tsx'
export { OrganizationSwitcher } from './organization-switcher.tsx'
export { createQueryClient } from './query.ts'
export { statusWords } from './status.ts'
