import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ProblemError } from '../../shared/client/index.ts'
import type { ReceivedInvitation } from '../../shared/contract/invitations.ts'
import type { JoinableOrganization, JoinAnswer } from '../../shared/contract/joining.ts'
import type { Organization } from '../../shared/contract/organizations.ts'
import { useOrganizationsContext } from './context.tsx'
import { useReceived } from './hooks.ts'
import { keys, need, seeJoined } from './query.ts'
import { Button } from './ui/button.tsx'
import { useRetryKey } from './ui/form.ts'
import { useNotify } from './ui/notices.tsx'
import { Badge, Problem } from './ui/states.tsx'
import { Avatar, Name } from './ui/text.tsx'
import { roleName, toDay } from './words.ts'

/**
 * What waits for the person: invitations to their address, and organizations that their e-mail domain lets them join.
 * Nothing waits: nothing is shown.
 */
export function InvitationList({ onJoined }: { onJoined: (organization: Organization) => void }) {
  const { received, joinable } = useReceived()
  const invitations = received.data?.invitations ?? []
  const organizations = joinable.data?.organizations ?? []
  if (invitations.length + organizations.length === 0) return null
  return (
    <section className='ds-waiting' aria-label='Waiting for you'>
      <h2 className='ds-section-title'>Waiting for you</h2>
      <ul className='ds-cards'>
        {invitations.map((entry) => <Received key={entry.id} entry={entry} onJoined={onJoined} />)}
        {organizations.map((entry) => <Joinable key={entry.organization_id} entry={entry} onJoined={onJoined} />)}
      </ul>
    </section>
  )
}

function Received({ entry, onJoined }: { entry: ReceivedInvitation; onJoined: (o: Organization) => void }) {
  const { id, organization, role, expires_at } = entry
  const { client } = useOrganizationsContext()
  const queryClient = useQueryClient()
  const notify = useNotify()
  const retry = useRetryKey()
  // Answered, or withdrawn meanwhile: what waits is another list now, in which this one has no place for a refusal.
  const onError = ({ code, detail }: ProblemError) => code === 'not_found' && notify(detail)
  const onSettled = () => void queryClient.invalidateQueries({ queryKey: keys.received })
  const accept = useMutation<Organization, ProblemError>({
    mutationFn: async () =>
      (await need(client.invitations.acceptReceived(id, { idempotencyKey: retry.keyFor('accept') }))).organization,
    onSuccess: async (joined) => {
      await seeJoined(queryClient)
      notify(`Welcome to ${joined.name}.`)
      onJoined(joined)
    },
    onError,
    onSettled,
  })
  const decline = useMutation<unknown, ProblemError>({
    mutationFn: () => need(client.invitations.declineReceived(id, { idempotencyKey: retry.keyFor('decline') })),
    onSuccess: () => notify('The invitation was declined.'),
    onError,
    onSettled,
  })
  const refused = accept.error ?? decline.error
  const busy = accept.isPending || decline.isPending
  return (
    <li className='ds-card-row'>
      <Avatar name={organization.name} square />
      <div className='ds-grow'>
        <p>
          <Name>{organization.name}</Name> invites you as {roleName[role].toLowerCase()}.
        </p>
        <p className='ds-soft'>Valid until {toDay(expires_at)}.</p>
        {refused && <Problem text={refused.detail} />}
      </div>
      <div className='ds-actions'>
        <Button look='quiet' busy={busy} onClick={() => decline.mutate()} aria-label={`Decline ${organization.name}`}>
          Decline
        </Button>
        <Button look='primary' busy={busy} onClick={() => accept.mutate()} aria-label={`Accept ${organization.name}`}>
          Accept
        </Button>
      </div>
    </li>
  )
}

function Joinable({ entry, onJoined }: { entry: JoinableOrganization; onJoined: (o: Organization) => void }) {
  const { client } = useOrganizationsContext()
  const queryClient = useQueryClient()
  const notify = useNotify()
  const join = useMutation<JoinAnswer, ProblemError>({
    mutationFn: () => need(client.joining.join(entry.organization_id)),
    onSuccess: async (answer) => {
      void queryClient.invalidateQueries({ queryKey: keys.joinable })
      if ('request' in answer) return notify('Your request was sent.')
      await seeJoined(queryClient)
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
