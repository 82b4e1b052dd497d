import type { Organization } from '../../shared/contract/organizations.ts'
import { useOrganizations } from './hooks.ts'
import { CheckIcon, PlusIcon, UpDownIcon } from './ui/icons.tsx'
import { Menu, MenuItem, MenuSeparator } from './ui/menu.tsx'
import { roleName } from './words.ts'
import { Avatar, Name } from './ui/text.tsx'

/**
 * Shows the organization that one is in, and lists the others to go to.
 *
 * @example
 * <OrganizationSwitcher organizationId={acme.id} onSelect={({ slug }) => navigate(`/o/${slug}`)} onCreate={showForm} />
 */
export function OrganizationSwitcher({ organizationId, onSelect, onCreate }: {
  organizationId?: string
  onSelect: (organization: Organization) => void
  /** Without it, no organization can be founded from here. */
  onCreate?: () => void
}) {
  const { organizations } = useOrganizations()
  const current = organizations.find(({ id }) => id === organizationId)
  const title = current?.name ?? 'Choose an organization'
  return (
    <Menu
      triggerClass='ds-switcher'
      align='start'
      trigger={
        <>
          {current && <Avatar name={current.name} square />}
          <Name>{title}</Name>
          <span className='ds-unseen'>Switch organization</span>
          <UpDownIcon />
        </>
      }
    >
      {organizations.map((organization) => (
        <MenuItem
          key={organization.id}
          className='ds-menu-item'
          onClick={() => onSelect(organization)}
        >
          <Avatar name={organization.name} square />
          <span className='ds-menu-two'>
            <Name>{organization.name}</Name>
            <span className='ds-soft'>{roleName[organization.role]}</span>
          </span>
          {organization.id === organizationId && (
            <>
              <CheckIcon />
              <span className='ds-unseen'>(you are here)</span>
            </>
          )}
        </MenuItem>
      ))}
      {onCreate && (
        <>
          {organizations.length > 0 && <MenuSeparator />}
          <MenuItem className='ds-menu-item' onClick={onCreate}>
            <PlusIcon />
            Create an organization
          </MenuItem>
        </>
      )}
    </Menu>
  )
}
