import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Organization } from '../../../shared/contract/organizations.ts'
import { useOrganizationsContext, usePerson } from '../context.tsx'
import { useCan } from '../hooks.ts'
import { lookAgain, lookAgainAfter, need } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { useConfirm } from '../ui/dialog.tsx'
import { useNotify } from '../ui/notices.tsx'
import { Section } from '../ui/states.tsx'

/** What can't be undone by oneself: leaving, passing on, deleting. */
export function DangerZone({ organization, onGone, onMembers }: {
  organization: Organization
  onGone?: () => void
  /** Leads to where a new owner is chosen; without it, no way there is shown. */
  onMembers?: () => void
}) {
  const { client } = useOrganizationsContext()
  const { id: me } = usePerson()
  const mayTransfer = useCan('transferOwnership')
  const mayDelete = useCan('deleteOrganization')
  const queryClient = useQueryClient()
  const notify = useNotify()
  const [ask, confirmation] = useConfirm()
  const { id, name } = organization

  const leave = async (what: Promise<unknown>, done: string) => {
    try {
      await what
    } catch (error) {
      lookAgainAfter(error, queryClient)
      throw error
    }
    notify(done)
    onGone?.()
    lookAgain(queryClient)
  }

  return (
    <Section title='Danger zone'>
      <div className='ds-dangers'>
        {mayTransfer && (
          <Danger title='Transfer ownership' text='Choose the new owner among the members; you become an admin.'>
            {onMembers && <Button onClick={onMembers}>Go to members</Button>}
          </Danger>
        )}
        <Danger
          title='Leave'
          text='You lose access at once. What you made stays here. An organization keeps at least one owner.'
        >
          <Button
            look='danger'
            onClick={() =>
              ask({
                title: `Leave ${name}?`,
                text: 'To come back you need an invitation, or a domain that lets you join.',
                action: 'Leave',
                run: () => leave(need(client.members.remove(id, me)), `You left ${name}.`),
              })}
          >
            Leave
          </Button>
        </Danger>
        {mayDelete
          ? (
            <Danger title='Delete' text='It is gone for everybody at once. Owners can restore it for 30 days.'>
              <Button
                look='danger'
                onClick={() =>
                  ask({
                    title: `Delete ${name}?`,
                    text:
                      'Nobody can reach it any more. Owners can restore it for 30 days, then it is gone for good. A subscription ends with what is paid for.',
                    typed: organization.slug,
                    action: 'Delete',
                    run: () => leave(need(client.organizations.delete(id)), `${name} was deleted.`),
                  })}
              >
                Delete
              </Button>
            </Danger>
          )
          : <Danger title='Delete' text='Only owners can delete the organization.' />}
      </div>
      {confirmation}
    </Section>
  )
}

function Danger({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <div className='ds-danger'>
      <div className='ds-grow'>
        <h3 className='ds-card-title'>{title}</h3>
        <p className='ds-soft'>{text}</p>
      </div>
      {children}
    </div>
  )
}
