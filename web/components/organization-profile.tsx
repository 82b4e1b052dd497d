import { Tabs } from '@base-ui/react/tabs'
import { useEffect, useRef } from 'react'
import { can, type Permission, type Role } from '../../shared/roles.ts'
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

const isVisible = (name: ProfileSection, role: Role): boolean => {
  const { needs } = sections[name]
  return needs === undefined || can(role, needs)
}

interface Ways {
  /** The person has left the organization, or deleted it. */
  onGone?: () => void
  /** Leads owners to where plans are bought; without it, no way there is shown. */
  onBilling?: () => void
  /** Leads from one part to another; without it, no such way is shown. */
  onSectionChange?: (section: ProfileSection) => void
}

/**
 * One part of what there is about an organization, for a page of its own; nothing where the person's role may not see it.
 *
 * @example
 * <OrganizationSection section='members' />
 */
export function OrganizationSection(
  { section, onGone, onBilling, onSectionChange }: Ways & { section: ProfileSection },
) {
  const organization = useActiveOrganization()
  if (!organization) return <Loading lines={5} />
  if (!isVisible(section, organization.role)) return null
  switch (section) {
    case 'general':
      return (
        <>
          <General key={organization.id} organization={organization} />
          <Calling key={`calling ${organization.id}`} organization={organization} />
        </>
      )
    case 'plan':
      return <Plan organization={organization} onBilling={onBilling} />
    case 'usage':
      return <Usage key={organization.id} organization={organization} />
    case 'members':
      return <Members organization={organization} />
    case 'invitations':
      return <Invitations />
    case 'domains':
      return <Domains />
    case 'fields':
      return <LeadFields />
    case 'branding':
      return <BrandingSection key={organization.id} organization={organization} />
    case 'audit':
      return <AuditLog organization={organization} />
    case 'danger': {
      const onMembers = onSectionChange && (() => onSectionChange('members'))
      return <DangerZone organization={organization} onGone={onGone} onMembers={onMembers} />
    }
  }
}

/**
 * Everything about one organization, in parts; what the person's role may not see is not there.
 *
 * @example
 * <OrganizationsProvider client={client} person={person} organizationId={acme.id}>
 *   <OrganizationProfile section={section} onSectionChange={setSection} onGone={() => navigate('/')} />
 * </OrganizationsProvider>
 */
export function OrganizationProfile({ section, onSectionChange, ...ways }: Ways & {
  section: ProfileSection
  onSectionChange: (section: ProfileSection) => void
}) {
  const organization = useActiveOrganization()
  const list = useRef<HTMLDivElement>(null)
  // On a phone, where the parts are a row to slide, the one that is shown is in it.
  useEffect(() => {
    const chosen = list.current?.querySelector('[aria-selected="true"]')
    if (!list.current || !chosen) return
    const [row, tab] = [list.current.getBoundingClientRect(), chosen.getBoundingClientRect()]
    list.current.scrollLeft += tab.left + tab.width / 2 - row.left - row.width / 2
  }, [section, organization?.id])
  if (!organization) return <Loading lines={5} />
  const visible = names.filter((name) => isVisible(name, organization.role))
  const shown = visible.includes(section) ? section : 'general'
  return (
    <Tabs.Root
      className='ds-profile'
      orientation='vertical'
      value={shown}
      onValueChange={(value: unknown) => isProfileSection(value) && onSectionChange(value)}
    >
      <Tabs.List ref={list} className='ds-tabs' aria-label='Organization'>
        {visible.map((name) => <Tabs.Tab key={name} value={name} className='ds-tab'>{sections[name].title}</Tabs.Tab>)}
      </Tabs.List>
      {visible.map((name) => (
        <Tabs.Panel key={name} value={name} className='ds-tab-panel'>
          {name === shown && <OrganizationSection section={name} onSectionChange={onSectionChange} {...ways} />}
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  )
}
