import { CreateOrganization } from 'dial-smart-components'
import type { ExampleProps } from '../examples.tsx'

export default function Create({ goTo }: ExampleProps) {
  return <CreateOrganization onCreated={goTo} />
}
