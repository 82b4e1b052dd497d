import { OrganizationSwitcher, useOrganizationsContext } from 'dial-smart-components'
import type { ExampleProps } from '../examples.tsx'

export default function Switcher({ goTo }: ExampleProps) {
  const { organizationId } = useOrganizationsContext()
  return <OrganizationSwitcher organizationId={organizationId} onSelect={goTo} />
}
