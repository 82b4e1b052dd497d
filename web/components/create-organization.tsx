import { useQueryClient } from '@tanstack/react-query'
import { CreateOrganization as Schema, type Organization } from '../../shared/contract/organizations.ts'
import { useOrganizationsContext } from './context.tsx'
import { need, seeJoined } from './query.ts'
import { Button } from './ui/button.tsx'
import { TextField } from './ui/fields.tsx'
import { optional, useSchemaForm } from './ui/form.ts'
import { Problem } from './ui/states.tsx'

/**
 * Founds an organization; the person owns it.
 *
 * @example
 * <CreateOrganization onCreated={({ slug }) => navigate(`/o/${slug}`)} />
 */
export function CreateOrganization({ onCreated, onCancel }: {
  onCreated: (organization: Organization) => void
  onCancel?: () => void
}) {
  const { client } = useOrganizationsContext()
  const queryClient = useQueryClient()
  const { field, onSubmit, isSubmitting, problem } = useSchemaForm(Schema, {
    defaultValues: { name: '' },
    fieldOf: { slug_taken: 'slug' },
  })
  const submit = onSubmit(async (values, retry) => {
    const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone
    const { organization } = await need(client.organizations.create({ timezone, ...values }, retry))
    await seeJoined(queryClient)
    onCreated(organization)
  })
  return (
    <form className='ds-stack' onSubmit={submit} noValidate>
      <TextField label='Name' autoComplete='organization' required {...field('name')} />
      <TextField
        label='Short name'
        hint='For addresses, as in /o/acme. Leave it empty to have one made from the name.'
        autoCapitalize='none'
        spellCheck={false}
        autoComplete='off'
        {...field('slug', optional)}
      />
      {problem && <Problem text={problem} />}
      <div className='ds-actions'>
        {onCancel && <Button onClick={onCancel}>Cancel</Button>}
        <Button type='submit' look='primary' busy={isSubmitting}>Create organization</Button>
      </div>
    </form>
  )
}
