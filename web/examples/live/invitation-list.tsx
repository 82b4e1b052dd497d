import { InvitationList } from 'dial-smart-components'
import type { ExampleProps } from '../examples.tsx'

export default function Waiting({ goTo }: ExampleProps) {
  return <InvitationList onJoined={goTo} />
}
