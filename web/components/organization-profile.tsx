import { Tabs } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'
import type { Permission } from '../../shared/roles.ts'
import { can } from '../../shared/roles.ts'
import { useActiveOrganization } from './hooks.ts'
import { AuditLog } from './profile/audit-log.tsx'
import { BrandingSection } from './profile/branding.tsx'
import { DangerZone } from './profile/danger-zone.tsx'
import { Calling } from './profile/calling.tsx'
import { Domains } from './profile/domains.tsx'
import { General } from './profile/general.tsx'
import { Invitations } from './profile/invitations.tsx'
import { LeadFields } from './profile/lead-fields.tsx'
import { Members } from './profile/members.tsx'
import { Plan } from './profile/plan.tsx'
import { Usage } from './profile/usage.tsx'
import { Loading } from './ui/states.tsx'

/** The parts of the profile, and what it takes to see each. */
const sections = {
  general: { title: 'General', needs: undefined },
  plan: { title: 'Plan', needs: 'getUsage' },
  usage: { title: 'Usage', needs: 'getUsage' },
  members: { title: 'Members', needs: 'listMembers' },
  invitations: { title: 'Invitations', needs: 'listInvitations' },
  domains: { title: 'Domains', needs: 'listDomains' },
  fields: { title: 'Lead fields', needs: 'createLeadField' },
  branding: { title: 'Branding', needs: 'getBranding' },
  audit: { title: 'Audit log', needs: 'listAudit' },
  danger: { title: 'Danger zone', needs: undefined },
} as const satisfies Record<string, { title: string; needs: Permission | undefined }>

/** The name of a part of the profile. */
export type ProfileSection = keyof typeof sections

/** Whether a text names a part of the profile. */
export const isProfileSection = (name: unknown): name is ProfileSection =>
  typeof name === 'string' && Object.hasOwn(sections, name)

const names: ProfileSection[] = Object.keys(sections).filter(isProfileSection)

/**
 * Everything about one organization, in parts; what the person's role may not see is not there.
 *
 * @example
 * <OrganizationsProvider client={client} person={person} organizationId={acme.id}>
 *   <OrganizationProfile section={section} onSectionChange={setSection} onGone={() => navigate('/')} />
 * </OrganizationsProvider>
 */
export function OrganizationProfile({ section, onSectionChange, onGone, onBilling }: {
  section: ProfileSection
  onSectionChange: (section: ProfileSection) => void
  /** The person has left the organization, or deleted it. */
  onGone: () => void
  /** Leads owners to where plans are bought; without it, no way there is shown. */
  onBilling?: () => void
}) {
  const organization = useActiveOrganization()
  if (!organization) return <Loading lines={5} />
  const visible = names.filter((name) => {
    const { needs } = sections[name]
    return needs === undefined || can(organization.role, needs)
  })
  const shown = visible.includes(section) ? section : 'general'
  const content: Record<ProfileSection, ReactNode> = {
    general: (
      <>
        <General key={organization.id} organization={organization} />
        <Calling key={`calling ${organization.id}`} organization={organization} />
      </>
    ),
    plan: <Plan organization={organization} onBilling={onBilling} />,
    usage: <Usage key={organization.id} organization={organization} />,
    members: <Members organization={organization} />,
    invitations: <Invitations />,
    domains: <Domains />,
    fields: <LeadFields />,
    branding: <BrandingSection key={organization.id} organization={organization} />,
    audit: <AuditLog organization={organization} />,
    danger: <DangerZone organization={organization} onGone={onGone} onMembers={() => onSectionChange('members')} />,
  }
  return (
    <Tabs.Root
      className='ds-profile'
      orientation='vertical'
      value={shown}
      onValueChange={(value: unknown) => isProfileSection(value) && onSectionChange(value)}
    >
      <Tabs.List className='ds-tabs' aria-label='Organization'>
        {visible.map((name) => <Tabs.Tab key={name} value={name} className='ds-tab'>{sections[name].title}</Tabs.Tab>)}
      </Tabs.List>
      {visible.map((name) => (
        <Tabs.Panel key={name} value={name} className='ds-tab-panel'>{name === shown && content[name]}</Tabs.Panel>
      ))}
    </Tabs.Root>
  )
}
