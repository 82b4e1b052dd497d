import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ProblemError } from '../../shared/client/index.ts'
import type { Organization } from '../../shared/contract/organizations.ts'
import { useOrganizationsContext } from './context.tsx'
import { useOrganizations } from './hooks.ts'
import { keys, need } from './query.ts'
import { Button } from './ui/button.tsx'
import { Problem } from './ui/states.tsx'
import { Avatar, Name } from './ui/text.tsx'
import { toDay } from './words.ts'

/** The deleted organizations that the person can bring back. None: nothing is shown. */
export function DeletedOrganizations({ onRestored }: { onRestored: (organization: Organization) => void }) {
  const { deleted } = useOrganizations()
  if (deleted.length === 0) return null
  return (
    <section className='ds-waiting' aria-label='Deleted organizations'>
      <h2 className='ds-section-title'>Deleted</h2>
      <ul className='ds-cards'>
        {deleted.map((organization) => (
          <Deleted key={organization.id} organization={organization} onRestored={onRestored} />
        ))}
      </ul>
    </section>
  )
}

function Deleted({ organization, onRestored }: {
  organization: Organization
  onRestored: (organization: Organization) => void
}) {
  const { client } = useOrganizationsContext()
  const queryClient = useQueryClient()
  const restore = useMutation<Organization, ProblemError>({
    mutationFn: async () => (await need(client.organizations.restore(organization.id))).organization,
    onSuccess: async (restored) => {
      await queryClient.invalidateQueries({ queryKey: keys.organizations })
      onRestored(restored)
    },
  })
  const { name, deleted_at } = organization
  return (
    <li className='ds-card-row'>
      <Avatar name={name} square />
      <div className='ds-grow'>
        <Name>{name}</Name>
        <p className='ds-soft'>
          {deleted_at && `Deleted on ${toDay(deleted_at)}. `}It can be restored for 30 days.
        </p>
        {restore.error && <Problem text={restore.error.detail} />}
      </div>
      <Button busy={restore.isPending} onClick={() => restore.mutate()}>Restore</Button>
    </li>
  )
}
