import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ProblemError } from '../../shared/client/index.ts'
import type { JoinableOrganization, JoinAnswer } from '../../shared/contract/joining.ts'
import type { Organization } from '../../shared/contract/organizations.ts'
import { useOrganizationsContext, usePerson } from './context.tsx'
import { useReceived } from './hooks.ts'
import { keys, lookAgain, need } from './query.ts'
import { Button } from './ui/button.tsx'
import { useNotify } from './ui/notices.tsx'
import { Badge, Problem } from './ui/states.tsx'
import { Avatar, Name } from './ui/text.tsx'
import { roleName, toDay } from './words.ts'

/**
 * What waits for the person: invitations to their address, and organizations that their e-mail domain lets them join.
 * Nothing waits: nothing is shown.
 */
export function InvitationList({ onJoined }: { onJoined: (organization: Organization) => void }) {
  const { email } = usePerson()
  const { received, joinable } = useReceived()
  const invitations = received.data?.invitations ?? []
  const organizations = joinable.data?.organizations ?? []
  if (invitations.length + organizations.length === 0) return null
  return (
    <section className='ds-waiting' aria-label='Waiting for you'>
      <h2 className='ds-section-title'>Waiting for you</h2>
      <ul className='ds-cards'>
        {invitations.map(({ id, organization, role, expires_at }) => (
          <li key={id} className='ds-card-row'>
            <Avatar name={organization.name} square />
            <div className='ds-grow'>
              <p>
                <Name>{organization.name}</Name> invites you as {roleName[role].toLowerCase()}.
              </p>
              <p className='ds-soft'>
                Open the link in the mail to <bdi>{email}</bdi> to accept; it is valid until{' '}
                {toDay(expires_at)}. If the mail is lost, ask for another one.
              </p>
            </div>
          </li>
        ))}
        {organizations.map((entry) => <Joinable key={entry.organization_id} entry={entry} onJoined={onJoined} />)}
      </ul>
    </section>
  )
}

function Joinable({ entry, onJoined }: { entry: JoinableOrganization; onJoined: (o: Organization) => void }) {
  const { client } = useOrganizationsContext()
  const queryClient = useQueryClient()
  const notify = useNotify()
  const join = useMutation<JoinAnswer, ProblemError>({
    mutationFn: () => need(client.joining.join(entry.organization_id)),
    onSuccess: (answer) => {
      void queryClient.invalidateQueries({ queryKey: keys.joinable })
      if ('request' in answer) return notify('Your request was sent.')
      lookAgain(queryClient)
      onJoined(answer.organization)
    },
  })
  const { organization, join_mode, request } = entry
  return (
    <li className='ds-card-row'>
      <Avatar name={organization.name} square />
      <div className='ds-grow'>
        <Name>{organization.name}</Name>
        <p className='ds-soft'>
          {join_mode === 'automatic'
            ? 'Your e-mail address lets you join.'
            : 'Your e-mail address lets you ask to join; an admin decides.'}
        </p>
        {join.error && <Problem text={join.error.detail} />}
      </div>
      {request ? <Badge>Requested</Badge> : (
        <Button busy={join.isPending} onClick={() => join.mutate()}>
          {join_mode === 'automatic' ? 'Join' : 'Ask to join'}
        </Button>
      )}
    </li>
  )
}
