import { OrganizationSection } from 'dial-smart-components'

export default function Members() {
  return <OrganizationSection section='members' />
}
