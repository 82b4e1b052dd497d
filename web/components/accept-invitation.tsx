import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { ProblemError } from '../../shared/client/index.ts'
import type { Organization } from '../../shared/contract/organizations.ts'
import { useOrganizationsContext } from './context.tsx'
import { useInvitationPreview } from './hooks.ts'
import { need, seeJoined } from './query.ts'
import { Button } from './ui/button.tsx'
import { useRetryKey } from './ui/form.ts'
import { MailIcon } from './ui/icons.tsx'
import { Empty, Loading, Problem } from './ui/states.tsx'
import { Avatar, Facts, Name, When } from './ui/text.tsx'
import { roleMeaning, roleName } from './words.ts'

/**
 * Shows what an invitation is for, and accepts or declines it. It needs nobody signed in to show it; `signIn` is what
 * stands in place of the buttons until somebody is.
 *
 * @example
 * const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? ''
 * <AcceptInvitation token={token} signIn={<a href='/sign-in'>Sign in to accept</a>} onAccepted={…} onDeclined={…} />
 */
export function AcceptInvitation({ token, signIn, onAccepted, onDeclined, onSignOut }: {
  token: string
  signIn: ReactNode
  onAccepted: (organization: Organization) => void
  onDeclined: () => void
  /** Offered where the invitation is for another address. */
  onSignOut?: () => void
}) {
  const { client, person } = useOrganizationsContext()
  const queryClient = useQueryClient()
  const retry = useRetryKey()
  const preview = useInvitationPreview(token)
  const accept = useMutation<Organization, ProblemError>({
    mutationFn: async () =>
      (await need(client.invitations.accept(token, { idempotencyKey: retry.keyFor('accept') }))).organization,
    onSuccess: async (organization) => {
      await seeJoined(queryClient)
      onAccepted(organization)
    },
  })
  const decline = useMutation<unknown, ProblemError>({
    mutationFn: () => need(client.invitations.decline(token, { idempotencyKey: retry.keyFor('decline') })),
    onSuccess: onDeclined,
  })

  if (preview.isPending) return <Loading label='Looking at the invitation' />
  if (preview.error?.code === 'not_found') {
    return <Empty icon={<MailIcon />} title='This invitation is not valid' text={preview.error.detail} />
  }
  if (preview.error) return <Problem text={preview.error.detail} onRetry={() => void preview.refetch()} />

  const { organization, role, email_hint, allowed_domains, expires_at } = preview.data
  const refused = accept.error ?? decline.error
  const forAnother = refused?.code === 'email_mismatch'
  const busy = accept.isPending || decline.isPending
  return (
    <div className='ds-invitation'>
      <Avatar name={organization.name} square />
      <h1 className='ds-invitation-title'>
        Join <Name>{organization.name}</Name>
      </h1>
      <Facts
        facts={[
          ['Your role', `${roleName[role]}. ${roleMeaning[role]}`],
          email_hint !== null ? ['For', <bdi key='hint'>{email_hint}</bdi>] : [
            'For',
            allowed_domains === null ? 'Whoever has this link' : `Addresses at ${allowed_domains.join(', ')}`,
          ],
          ['Valid until', <When key='until' at={expires_at} exact />],
        ]}
      />
      {refused && <Problem text={refused.detail} />}
      {!person ? signIn : (
        <>
          <p className='ds-soft'>
            You are signed in as <bdi>{person.email}</bdi>.
          </p>
          <div className='ds-actions'>
            {forAnother && onSignOut ? <Button look='primary' onClick={onSignOut}>Use another account</Button> : (
              <>
                <Button busy={busy} onClick={() => decline.mutate()}>Decline</Button>
                <Button look='primary' busy={busy} onClick={() => accept.mutate()}>Accept invitation</Button>
              </>
            )}
          </div>
        </>
      )}
    </div>
  )
}
