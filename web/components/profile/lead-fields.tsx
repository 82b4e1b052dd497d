import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ProblemError } from '../../../shared/client/index.ts'
import {
  CreateLeadField,
  type LeadField,
  type LeadFieldType,
  maxLeadFields,
  UpdateLeadField,
} from '../../../shared/contract/lead-fields.ts'
import { useOrganizationId, useOrganizationsContext } from '../context.tsx'
import { useLeadFields } from '../hooks.ts'
import { keys, lookAgainAfter, need } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, useConfirm } from '../ui/dialog.tsx'
import { SelectField, TextField } from '../ui/fields.tsx'
import { type FieldInput, useSchemaForm } from '../ui/form.ts'
import { ListIcon } from '../ui/icons.tsx'
import { ActionMenu } from '../ui/menu.tsx'
import { useNotify } from '../ui/notices.tsx'
import { Badge, Empty, Loading, Problem, Section } from '../ui/states.tsx'
import { Name } from '../ui/text.tsx'

const typeTitles: Record<LeadFieldType, string> = {
  text: 'Text',
  number: 'Number',
  boolean: 'Yes or no',
  date: 'Date',
  choice: 'Choice',
  email: 'E-mail address',
  url: 'Web address',
}

/** The fields that leads have beside those that all leads have; for admins. */
export function LeadFields() {
  const { data: fields, error, refetch } = useLeadFields()
  const [open, setOpen] = useState(false)
  const [changed, setChanged] = useState<LeadField>()
  const add = <Button look='primary' onClick={() => setOpen(true)}>Add a field</Button>
  const isEmpty = fields?.length === 0
  return (
    <Section
      title='Lead fields'
      text='What you want to know of each lead. Forms, imports and every other way in keep to it.'
      actions={fields && !isEmpty && fields.length < maxLeadFields && add}
    >
      {!fields
        ? error ? <Problem text={error.detail} onRetry={() => void refetch()} /> : <Loading lines={4} />
        : isEmpty
        ? (
          <Empty
            icon={<ListIcon />}
            title='No field yet'
            text='Add one, such as a budget or an industry. Until then, leads can hold anything.'
          >
            <div className='ds-actions'>{add}</div>
          </Empty>
        )
        : (
          <ul className='ds-cards'>
            {fields.map((field, n) => (
              <FieldCard
                key={field.id}
                field={field}
                isFirst={n === 0}
                isLast={n === fields.length - 1}
                onChange={() => setChanged(field)}
              />
            ))}
          </ul>
        )}
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title='Add a field'
        description='Leads that are there stay as they are.'
      >
        <AddForm onDone={() => setOpen(false)} />
      </Dialog>
      <Dialog open={changed !== undefined} onClose={() => setChanged(undefined)} title='Change the field'>
        {changed && <ChangeForm field={changed} onDone={() => setChanged(undefined)} />}
      </Dialog>
    </Section>
  )
}

function useChange() {
  const id = useOrganizationId()
  const queryClient = useQueryClient()
  const onSettled = () => queryClient.invalidateQueries({ queryKey: keys.organization(id) })
  const onError = (error: ProblemError) => lookAgainAfter(error, queryClient)
  return { onSettled, onError }
}

function FieldCard({ field, isFirst, isLast, onChange }: {
  field: LeadField
  isFirst: boolean
  isLast: boolean
  onChange: () => void
}) {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  const change = useChange()
  const notify = useNotify()
  const [ask, confirmation] = useConfirm()
  const { label, key, type, required, options, position } = field
  const move = useMutation<unknown, ProblemError, number>({
    mutationFn: (position) => need(client.leadFields.update(id, field.id, { position })),
    ...change,
  })
  const actions = [
    { label: 'Change', run: onChange },
    ...(isFirst ? [] : [{ label: 'Move up', run: () => move.mutate(position - 1) }]),
    ...(isLast ? [] : [{ label: 'Move down', run: () => move.mutate(position + 1) }]),
    {
      label: 'Remove',
      danger: true,
      run: () =>
        ask({
          title: `Remove ${label}?`,
          text: 'Forms and imports ask for it no more. Leads keep what they have in it, where the API shows it.',
          action: 'Remove',
          run: async () => {
            await need(client.leadFields.remove(id, field.id))
            await change.onSettled()
            notify(`${label} was removed.`)
          },
        }),
    },
  ]
  return (
    <li className='ds-card'>
      <div className='ds-card-row'>
        <div className='ds-grow'>
          <h3 className='ds-card-title'>
            <Name>{label}</Name> {required && <Badge>Required</Badge>}
          </h3>
          <p className='ds-soft'>
            {typeTitles[type]}, <code>{key}</code>
            {options && (
              <>
                : <bdi>{options.join(', ')}</bdi>
              </>
            )}
          </p>
        </div>
        <ActionMenu label={`Actions for ${label}`} actions={actions} />
      </div>
      {move.error && <Problem text={move.error.detail} />}
      {confirmation}
    </li>
  )
}

const asBoolean = { setValueAs: (value: unknown) => value === true || value === 'true' }
const asList = {
  setValueAs: (value: unknown) =>
    typeof value === 'string' ? value.split(',').map((text) => text.trim()).filter(Boolean) : value,
}

const Required = (input: FieldInput) => (
  <SelectField label='Of new leads' hint='Leads that are there stay as they are.' {...input}>
    <option value='false'>It can stay empty</option>
    <option value='true'>It must have a value</option>
  </SelectField>
)

/** A key made from a label. */
const toKey = (label: string): string =>
  label.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^[_0-9]+|_+$/g, '').slice(0, 40)

function AddForm({ onDone }: { onDone: () => void }) {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  const { onSettled } = useChange()
  const { field, onSubmit, watch, getValues, setValue, isSubmitting, problem } = useSchemaForm(CreateLeadField, {
    defaultValues: { label: '', key: '', type: 'text', required: false },
    fieldOf: { conflict: 'key' },
  })
  const submit = onSubmit(async (values, retry) => {
    await need(client.leadFields.create(id, values, retry))
    await onSettled()
    onDone()
  })
  const label = field('label')
  return (
    <form className='ds-stack' onSubmit={submit} noValidate>
      <TextField
        label='Name'
        autoComplete='off'
        {...label}
        onBlur={(event) => {
          if (getValues('key') === '') setValue('key', toKey(event.target.value))
          return label.onBlur(event)
        }}
      />
      <TextField
        label='Key'
        hint='What programs call it. It stays as it is.'
        autoCapitalize='none'
        autoComplete='off'
        spellCheck={false}
        {...field('key')}
      />
      <SelectField label='Holds' {...field('type')}>
        {Object.entries(typeTitles).map(([type, title]) => <option key={type} value={type}>{title}</option>)}
      </SelectField>
      {watch('type') === 'choice' && (
        <TextField
          label='Options'
          hint='With commas between them.'
          autoComplete='off'
          {...field('options', { ...asList, shouldUnregister: true })}
        />
      )}
      <Required {...field('required', asBoolean)} />
      {problem && <Problem text={problem} />}
      <div className='ds-actions'>
        <Button onClick={onDone}>Cancel</Button>
        <Button type='submit' look='primary' busy={isSubmitting}>Add field</Button>
      </div>
    </form>
  )
}

function ChangeForm({ field: { id: fieldId, label, required, options }, onDone }: {
  field: LeadField
  onDone: () => void
}) {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  const { onSettled } = useChange()
  const notify = useNotify()
  const { field, onSubmit, formState, isSubmitting, problem } = useSchemaForm(UpdateLeadField, {
    defaultValues: { label, required, options: options ?? undefined },
  })
  const { dirtyFields, isDirty } = formState
  const submit = onSubmit(async (values) => {
    // Only what was changed here: an option made elsewhere may have a comma in it.
    const changes = Object.entries(values).filter(([name]) => Reflect.get(dirtyFields, name))
    await need(client.leadFields.update(id, fieldId, UpdateLeadField.parse(Object.fromEntries(changes))))
    await onSettled()
    notify('Saved.')
    onDone()
  })
  return (
    <form className='ds-stack' onSubmit={submit} noValidate>
      <TextField label='Name' autoComplete='off' {...field('label')} />
      {options && (
        <TextField
          label='Options'
          hint='With commas between them. Leads keep one that is taken away.'
          autoComplete='off'
          {...field('options', asList)}
        />
      )}
      <Required {...field('required', asBoolean)} />
      {problem && <Problem text={problem} />}
      <div className='ds-actions'>
        <Button onClick={onDone}>Cancel</Button>
        <Button type='submit' look='primary' busy={isSubmitting} disabled={!isDirty}>Save</Button>
      </div>
    </form>
  )
}
