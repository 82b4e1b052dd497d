import { useQueryClient } from '@tanstack/react-query'
import { CallingDefaults, type Organization } from '../../../shared/contract/organizations.ts'
import { useOrganizationsContext } from '../context.tsx'
import { useCan } from '../hooks.ts'
import { lookAgain, lookAgainAfter, need } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { nullable, useSchemaForm } from '../ui/form.ts'
import { useNotify } from '../ui/notices.tsx'
import { Problem, Section } from '../ui/states.tsx'
import { Facts } from '../ui/text.tsx'
import { toMinutes } from '../words.ts'

/** When new campaigns call and which number they show, unless one of them says otherwise. */
export function Calling({ organization }: { organization: Organization }) {
  const mayChange = useCan('updateOrganization')
  return (
    <Section title='Calling' text='What new campaigns begin with, unless they say otherwise.'>
      {mayChange ? <Change organization={organization} /> : <Read organization={organization} />}
    </Section>
  )
}

function Read({ organization }: { organization: Organization }) {
  const { calling_hours_start: start, calling_hours_end: end, default_caller_id, timezone } = organization
  return (
    <Facts
      facts={[
        ['Calling hours', start && end ? `${toMinutes(start)} to ${toMinutes(end)}, ${timezone}` : 'Not set'],
        ['Caller id', default_caller_id ?? 'None'],
      ]}
    />
  )
}

function Change({ organization }: { organization: Organization }) {
  const { client } = useOrganizationsContext()
  const queryClient = useQueryClient()
  const notify = useNotify()
  const { calling_hours_start: start, calling_hours_end: end, default_caller_id, timezone } = organization
  const { field, onSubmit, formState, reset, isSubmitting, problem } = useSchemaForm(CallingDefaults, {
    defaultValues: {
      calling_hours_start: start && toMinutes(start),
      calling_hours_end: end && toMinutes(end),
      default_caller_id,
    },
  })
  const { isDirty, dirtyFields } = formState
  const submit = onSubmit(async (values) => {
    const { default_caller_id, ...hours } = values
    const changes = {
      // A start and an end belong together.
      ...((dirtyFields.calling_hours_start || dirtyFields.calling_hours_end) && hours),
      ...(dirtyFields.default_caller_id && { default_caller_id }),
    }
    try {
      await need(client.organizations.update(organization.id, changes))
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
      <div className='ds-pair'>
        <TextField label='Calls begin at' type='time' {...field('calling_hours_start', nullable)} />
        <TextField
          label='Calls end at'
          type='time'
          hint={`In the time zone ${timezone}.`}
          {...field('calling_hours_end', nullable)}
        />
      </div>
      <TextField
        label='Caller id'
        type='tel'
        hint='One of your phone numbers. When it is released, new campaigns show none.'
        autoComplete='off'
        {...field('default_caller_id', nullable)}
      />
      {problem && <Problem text={problem} />}
      <div className='ds-actions'>
        {isDirty && <Button onClick={() => reset()}>Discard changes</Button>}
        <Button type='submit' look='primary' busy={isSubmitting} disabled={!isDirty}>Save calling defaults</Button>
      </div>
    </form>
  )
}
