import { useQueryClient } from '@tanstack/react-query'
import { type Organization, UpdateOrganization } from '../../../shared/contract/organizations.ts'
import { useOrganizationsContext } from '../context.tsx'
import { useCan } from '../hooks.ts'
import { lookAgain, lookAgainAfter, need } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { nullable, useSchemaForm } from '../ui/form.ts'
import { useNotify } from '../ui/notices.tsx'
import { Note, Problem, Section } from '../ui/states.tsx'
import { Facts, Name, When } from '../ui/text.tsx'
import { TimezoneField } from '../ui/timezone-field.tsx'

/** Name, addresses and the like of the organization. */
export function General({ organization }: { organization: Organization }) {
  const mayChange = useCan('updateOrganization')
  return (
    <Section title='General' text='What the organization is called, and how it is reached.'>
      {mayChange ? <Change organization={organization} /> : <Read organization={organization} />}
    </Section>
  )
}

function Read({ organization }: { organization: Organization }) {
  const { name, slug, timezone, contact_phone, owner_email, created_at } = organization
  return (
    <>
      <Facts
        facts={[
          ['Name', <Name key='name'>{name}</Name>],
          ['Short name', slug],
          ['Time zone', timezone],
          ['Phone', contact_phone ?? 'None'],
          ['Contact address', owner_email ?? 'None'],
          ['Founded', <When key='when' at={created_at} />],
        ]}
      />
      <Note>Admins and owners can change this.</Note>
    </>
  )
}

function Change({ organization }: { organization: Organization }) {
  const { client } = useOrganizationsContext()
  const queryClient = useQueryClient()
  const notify = useNotify()
  const { name, slug, timezone, contact_phone, owner_email } = organization
  const { field, onSubmit, formState, reset, isSubmitting, problem } = useSchemaForm(UpdateOrganization, {
    defaultValues: { name, slug, timezone, contact_phone, owner_email },
    fieldOf: { slug_taken: 'slug' },
  })
  const { dirtyFields, isDirty } = formState
  const submit = onSubmit(async (values) => {
    // Only what was changed here: somebody else may be changing the rest.
    const changes = Object.entries(values).filter(([field]) => Reflect.get(dirtyFields, field))
    try {
      await need(client.organizations.update(organization.id, UpdateOrganization.parse(Object.fromEntries(changes))))
    } catch (error) {
      lookAgainAfter(error, queryClient)
      throw error
    }
    lookAgain(queryClient)
    reset(values)
    notify('Saved.')
  })
  return (
    <form className='ds-stack ds-form' onSubmit={submit} noValidate>
      <TextField label='Name' autoComplete='off' {...field('name')} />
      <TextField
        label='Short name'
        hint='Part of the addresses of this organization; old addresses stop working.'
        autoCapitalize='none'
        autoComplete='off'
        spellCheck={false}
        {...field('slug')}
      />
      <TimezoneField label='Time zone' {...field('timezone')} />
      <TextField
        label='Phone'
        type='tel'
        hint='With country code, as in +14155550100.'
        autoComplete='off'
        {...field('contact_phone', nullable)}
      />
      <TextField label='Contact address' type='email' autoComplete='off' {...field('owner_email', nullable)} />
      {problem && <Problem text={problem} />}
      <div className='ds-actions'>
        {isDirty && <Button onClick={() => reset()}>Discard changes</Button>}
        <Button type='submit' look='primary' busy={isSubmitting} disabled={!isDirty}>Save</Button>
      </div>
    </form>
  )
}
