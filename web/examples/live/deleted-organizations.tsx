import { DeletedOrganizations } from 'dial-smart-components'
import type { ExampleProps } from '../examples.tsx'

export default function Deleted({ goTo }: ExampleProps) {
  return <DeletedOrganizations onRestored={goTo} />
}
