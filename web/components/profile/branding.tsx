import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ComponentProps, useEffect, useRef } from 'react'
import { z } from 'zod'
import { ProblemError } from '../../../shared/client/index.ts'
import {
  Branding,
  BrandingLooks,
  type OrganizationBranding,
  UpdateBranding,
} from '../../../shared/contract/branding.ts'
import { enoughContrast, leastContrastOf, type ThemeName, toShown } from '../../../shared/contract/contrast.ts'
import { EmailDomain } from '../../../shared/contract/domains.ts'
import type { Organization } from '../../../shared/contract/organizations.ts'
import { logoFault, logoTypes } from '../../../shared/logo-file.ts'
import { BrandMark, paintBrand } from '../brand.tsx'
import { useOrganizationsContext } from '../context.tsx'
import { useOwnBranding } from '../hooks.ts'
import { keys, lookAgainAfter, need } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { useConfirm } from '../ui/dialog.tsx'
import { FileButton, TextField } from '../ui/fields.tsx'
import { nullable, useSchemaForm } from '../ui/form.ts'
import { useNotify } from '../ui/notices.tsx'
import { Badge, Loading, Problem, Section } from '../ui/states.tsx'
import { Copy, Name } from '../ui/text.tsx'

/** How the product looks for the organization, and under which host; for admins. */
export function BrandingSection({ organization }: { organization: Organization }) {
  const { data, error, refetch } = useOwnBranding()
  if (!data) {
    return error ? <Problem text={error.detail} onRetry={() => void refetch()} /> : <Loading lines={5} />
  }
  return (
    <>
      <Section
        title='Branding'
        text='How the product is called and looks for your people, on invitations and in mails. Anybody can see it.'
      >
        <Looks organization={organization} branding={data} />
      </Section>
      <Section
        title='Your own host'
        text='Whoever opens the product under this host sees your branding before signing in.'
      >
        {data.host ? <Host organization={organization} host={data.host} /> : <SetHost organization={organization} />}
      </Section>
    </>
  )
}

/** What others see of it; what is not set is not there. */
const toPublic = (branding: OrganizationBranding): Branding =>
  Branding.parse(Object.fromEntries(Object.entries(branding).filter(([, value]) => value !== null)))

/** Shows everywhere at once what was saved, however long browsers keep what they were told before. */
function useSaved({ id, slug }: Organization) {
  const queryClient = useQueryClient()
  return {
    saved: (branding: OrganizationBranding) => {
      queryClient.setQueryData(keys.ownBranding(id), branding)
      queryClient.setQueryData(keys.branding({ slug }), toPublic(branding))
    },
    refused: (error: unknown) => lookAgainAfter(error, queryClient),
  }
}

function Looks({ organization, branding }: { organization: Organization; branding: OrganizationBranding }) {
  const { client } = useOrganizationsContext()
  const notify = useNotify()
  const { saved, refused } = useSaved(organization)
  const { product_name, logo_url, color_light, color_dark, support_email, mail_sender_name } = branding
  const form = useSchemaForm(BrandingLooks, {
    defaultValues: { product_name, logo_url, color_light, color_dark, support_email, mail_sender_name },
  })
  const { field, onSubmit, formState, reset, watch, setValue, isSubmitting, problem } = form
  const { dirtyFields, isDirty } = formState
  const submit = onSubmit(async (values) => {
    // Only what was changed here: somebody else may be changing the rest.
    const changes = Object.entries(values).filter(([name]) => Reflect.get(dirtyFields, name))
    try {
      const answer = await need(
        client.branding.update(organization.id, UpdateBranding.parse(Object.fromEntries(changes))),
      )
      saved(answer.branding)
    } catch (error) {
      refused(error)
      throw error
    }
    reset(values)
    notify('Saved.')
  })
  const typed = watch()
  const color = (name: 'color_light' | 'color_dark') => ({
    ...field(name, nullable),
    value: typed[name] ?? '',
    onPick: (value: string) => setValue(name, value, { shouldDirty: true, shouldValidate: true }),
  })
  return (
    <>
      <div className='ds-previews'>
        <Preview theme='light' typed={typed} />
        <Preview theme='dark' typed={typed} />
      </div>
      <form className='ds-stack ds-form' onSubmit={submit} noValidate>
        <TextField
          label='Product name'
          placeholder='Dial Smart'
          autoComplete='off'
          {...field('product_name', nullable)}
        />
        <TextField
          label='Logo'
          type='url'
          hint='The https address of an image. Browsers load it from there; without an image the name is shown.'
          placeholder='https://acme.example/logo.svg'
          autoComplete='off'
          {...field('logo_url', nullable)}
        />
        {branding.logo_uploads && (
          <LogoUpload
            organizationId={organization.id}
            onUploaded={(url) => setValue('logo_url', url, { shouldDirty: true, shouldValidate: true })}
          />
        )}
        <ColorField label='Color in the light theme' theme='light' {...color('color_light')} />
        <ColorField label='Color in the dark theme' theme='dark' {...color('color_dark')} />
        <TextField
          label='Support address'
          type='email'
          hint='Whom people ask for help. It stands on sign-in pages and under mails.'
          autoComplete='off'
          {...field('support_email', nullable)}
        />
        <TextField
          label='Sender of mails'
          hint='The name that mails come from; their address stays ours.'
          autoComplete='off'
          {...field('mail_sender_name', nullable)}
        />
        {problem && <Problem text={problem} />}
        <div className='ds-actions'>
          {isDirty && <Button onClick={() => reset()}>Discard changes</Button>}
          <Button type='submit' look='primary' busy={isSubmitting} disabled={!isDirty}>Save</Button>
        </div>
      </form>
    </>
  )
}

/** Puts an image into the project's Storage; its address goes into the form, to be seen there and saved. */
function LogoUpload({ organizationId, onUploaded }: { organizationId: string; onUploaded: (url: string) => void }) {
  const { client } = useOrganizationsContext()
  const notify = useNotify()
  const upload = useMutation<string, ProblemError, File>({
    mutationFn: async (file) => {
      const fault = logoFault(file) ?? (await isImage(file) ? undefined : 'What is in this file is not an image.')
      if (fault !== undefined) throw new ProblemError('validation_failed', { status: 422, detail: fault })
      return (await need(client.branding.uploadLogo(organizationId, file))).logo_url
    },
    onSuccess: (url) => {
      onUploaded(url)
      notify('Uploaded. Save to use it as the logo.')
    },
  })
  return (
    <div className='ds-stack'>
      <div className='ds-card-row'>
        <FileButton
          label='Upload an image'
          accept={Object.keys(logoTypes).join()}
          busy={upload.isPending}
          onChoose={(file) => upload.mutate(file)}
        />
        <p className='ds-hint'>PNG, JPEG or WebP, at most 1 MiB.</p>
      </div>
      {upload.error && <Problem text={upload.error.detail} />}
    </div>
  )
}

/** Whether a browser can show a file, whatever it is called. */
async function isImage(file: Blob): Promise<boolean> {
  try {
    const image = await createImageBitmap(file)
    image.close()
    return true
  } catch {
    return false
  }
}

const isColor = (text: string): boolean => /^#[0-9a-f]{6}$/i.test(text)

/** A color to type or to pick, and how well it can be read. */
function ColorField({ theme, value, onPick, label, error, ...input }:
  & { theme: ThemeName; value: string; onPick: (color: string) => void; label: string; error?: string }
  & ComponentProps<'input'>) {
  const contrast = isColor(value)
    ? `Contrast ${toShown(leastContrastOf(value, theme))}; text needs ${enoughContrast}.`
    : undefined
  return (
    <div className='ds-color'>
      <TextField
        {...input}
        label={label}
        error={error}
        hint={contrast}
        placeholder={theme === 'light' ? '#1f6f62' : '#6fc9b8'}
        autoCapitalize='none'
        autoComplete='off'
        spellCheck={false}
      />
      <input
        type='color'
        aria-label={`Pick: ${label}`}
        value={isColor(value) ? value : theme === 'light' ? '#1f6f62' : '#6fc9b8'}
        onChange={({ target }) => onPick(target.value)}
      />
    </div>
  )
}

interface Typed {
  product_name?: string | null
  logo_url?: string | null
  color_light?: string | null
  color_dark?: string | null
}

/** How it will look in a theme, as far as what was typed can be shown. */
function Preview({ theme, typed }: { theme: ThemeName; typed: Typed }) {
  const panel = useRef<HTMLDivElement>(null)
  const { color_light, color_dark } = typed
  useEffect(() => {
    if (!panel.current) return
    paintBrand(panel.current, { color_light: color_light ?? undefined, color_dark: color_dark ?? undefined })
  }, [color_light, color_dark])
  const logo = typed.logo_url?.startsWith('https://') ? typed.logo_url : undefined
  return (
    <div
      ref={panel}
      className={`ds-preview ds-preview-${theme}`}
      role='group'
      aria-label={`Preview in the ${theme} theme`}
    >
      <BrandMark name={typed.product_name || 'Dial Smart'} logoUrl={logo} />
      <span>
        New here? <span className='ds-preview-link'>Create an account</span>
      </span>
      <span className='ds-button ds-button-primary'>Sign in</span>
    </div>
  )
}

const HostForm = z.strictObject({ host: EmailDomain })

function SetHost({ organization }: { organization: Organization }) {
  const { client } = useOrganizationsContext()
  const { saved, refused } = useSaved(organization)
  const { field, onSubmit, isSubmitting, problem } = useSchemaForm(HostForm, { defaultValues: { host: '' } })
  const submit = onSubmit(async (values) => {
    try {
      saved((await need(client.branding.update(organization.id, values))).branding)
    } catch (error) {
      refused(error)
      throw error
    }
  })
  return (
    <form className='ds-stack ds-form' onSubmit={submit} noValidate>
      <TextField
        label='Host'
        placeholder='calls.acme.example'
        hint='You prove that it is yours by a record in its DNS.'
        autoCapitalize='none'
        autoComplete='off'
        spellCheck={false}
        {...field('host')}
      />
      {problem && <Problem text={problem} />}
      <div className='ds-actions'>
        <Button type='submit' busy={isSubmitting}>Set host</Button>
      </div>
    </form>
  )
}

function Host({ organization, host: { host, verified_at, record } }: {
  organization: Organization
  host: NonNullable<OrganizationBranding['host']>
}) {
  const { client } = useOrganizationsContext()
  const notify = useNotify()
  const { saved, refused } = useSaved(organization)
  const [ask, confirmation] = useConfirm()
  const verify = useMutation<{ branding: OrganizationBranding }, ProblemError>({
    mutationFn: () => need(client.branding.verifyHost(organization.id)),
    onSuccess: ({ branding }) => {
      saved(branding)
      notify(`${host} is verified.`)
    },
    onError: refused,
  })
  const remove = () =>
    ask({
      title: `Give up ${host}?`,
      text: 'It shows your branding no longer, and others can verify it.',
      action: 'Give up',
      run: async () => {
        saved((await need(client.branding.update(organization.id, { host: null }))).branding)
        notify(`${host} was given up.`)
      },
    })
  return (
    <div className='ds-card'>
      <div className='ds-card-row'>
        <h3 className='ds-card-title ds-grow'>
          <Name>{host}</Name>{' '}
          {verified_at ? <Badge tone='good'>Verified</Badge> : <Badge tone='warn'>Not proven yet</Badge>}
        </h3>
        <Button onClick={remove}>Give up</Button>
      </div>
      {verified_at === null && (
        <div className='ds-stack'>
          <p>Set this TXT record where the DNS of the host is managed. It can take an hour until it is seen.</p>
          <Copy label='record name' text={record.name} />
          <Copy label='record value' text={record.value} />
          <div className='ds-actions'>
            <Button look='primary' busy={verify.isPending} onClick={() => verify.mutate()}>Check the record</Button>
          </div>
        </div>
      )}
      {verify.error && <Problem text={verify.error.detail} />}
      {confirmation}
    </div>
  )
}
