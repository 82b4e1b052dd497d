import { OrganizationsProvider, useOrganizations } from 'dial-smart-components'
import { type ComponentType, type ReactNode, useState } from 'react'
import { useSession } from '../app/session.tsx'
import { SignInAgain } from '../app/sign-in-again.tsx'
import AcceptExample from './live/accept-invitation.tsx'
import acceptCode from './live/accept-invitation.tsx?raw'
import BillingExample from './live/billing.tsx'
import billingCode from './live/billing.tsx?raw'
import CanExample from './live/can.tsx'
import canCode from './live/can.tsx?raw'
import CreateExample from './live/create-organization.tsx'
import createCode from './live/create-organization.tsx?raw'
import DeletedExample from './live/deleted-organizations.tsx'
import deletedCode from './live/deleted-organizations.tsx?raw'
import InvitationsExample from './live/invitation-list.tsx'
import invitationsCode from './live/invitation-list.tsx?raw'
import MembersExample from './live/members.tsx'
import membersCode from './live/members.tsx?raw'
import ProfileExample from './live/organization-profile.tsx'
import profileCode from './live/organization-profile.tsx?raw'
import SwitcherExample from './live/organization-switcher.tsx'
import switcherCode from './live/organization-switcher.tsx?raw'

/** What every example is given: `goTo` is how its app leads to an organization. */
export interface ExampleProps {
  goTo: (organization: { id: string }) => void
}

interface Example {
  title: string
  text: string
  Live: ComponentType<ExampleProps>
  /** The file that is shown live, to the letter. */
  code: string
  needs: 'nobody' | 'person' | 'organization'
  /** Has its code below instead of beside it. */
  wide?: boolean
}

const examples: Example[] = [
  {
    title: 'OrganizationSwitcher',
    text: 'Where one is, and the other organizations. The examples below act in the one that is chosen here.',
    Live: SwitcherExample,
    code: switcherCode,
    needs: 'person',
  },
  {
    title: 'OrganizationProfile',
    text: 'Everything about an organization in parts, each for the roles that may see it.',
    Live: ProfileExample,
    code: profileCode,
    needs: 'organization',
    wide: true,
  },
  {
    title: 'OrganizationSection',
    text: 'One of those parts alone, for a page of yours.',
    Live: MembersExample,
    code: membersCode,
    needs: 'organization',
    wide: true,
  },
  {
    title: 'useCan, useActiveOrganization, useMembers',
    text: 'What components of your own ask. The rules are those that the server keeps to.',
    Live: CanExample,
    code: canCode,
    needs: 'organization',
  },
  {
    title: 'CreateOrganization',
    text: 'The form that founds one, checked by the schema of the server.',
    Live: CreateExample,
    code: createCode,
    needs: 'person',
  },
  {
    title: 'InvitationList',
    text: 'What waits for the person. Nothing waits: nothing is shown.',
    Live: InvitationsExample,
    code: invitationsCode,
    needs: 'person',
  },
  {
    title: 'AcceptInvitation',
    text: 'What the link in a mail leads to, for people with an account or without one.',
    Live: AcceptExample,
    code: acceptCode,
    needs: 'nobody',
  },
  {
    title: 'Billing',
    text: 'For owners: the plans, what each would mean, and the ways to pay.',
    Live: BillingExample,
    code: billingCode,
    needs: 'organization',
    wide: true,
  },
  {
    title: 'DeletedOrganizations',
    text: 'What the person deleted and can restore. None: nothing is shown.',
    Live: DeletedExample,
    code: deletedCode,
    needs: 'person',
  },
]

/** All examples, in the organization that the first of them chooses. */
export function Examples() {
  const { client, person, signOut } = useSession()
  const { organizations, isPending } = useOrganizations()
  const [chosen, setChosen] = useState<string>()
  const current = organizations.find(({ id }) => id === chosen) ?? organizations[0]
  const missing = (needs: Example['needs']): ReactNode => {
    if (needs === 'nobody') return null
    if (!person) return <p className='ds-soft'>Shown to people who are signed in.</p>
    if (needs === 'person') return null
    return current || isPending ? null : <p className='ds-soft'>Shown in an organization: create one below.</p>
  }
  return (
    <OrganizationsProvider client={client} person={person} organizationId={current?.id}>
      <main className='examples'>
        <h1>Components</h1>
        <p className='lead'>
          Each of them at work on this stack, with its code. What you change here is changed. {person
            ? (
              <>
                You are signed in as <bdi>{person.email}</bdi>.
              </>
            )
            : <a href='/sign-in'>Sign in to the dashboard, and come back.</a>}
        </p>
        {examples.map(({ title, text, Live, code, needs, wide }) => (
          <section key={title} className={wide ? 'example example-wide' : 'example'} aria-label={title}>
            <h2 className='ds-section-title'>{title}</h2>
            <p className='ds-section-text'>{text}</p>
            <div className='example-live'>
              {missing(needs) ??
                (needs !== 'organization' || current
                  ? (
                    <Live
                      key={current?.id}
                      goTo={({ id }) => setChosen(id)}
                    />
                  )
                  : null)}
            </div>
            <pre
              className='example-code'
              tabIndex={0}
              role='region'
              aria-label={`Code of ${title}`}
            ><code>{code.trimEnd()}</code></pre>
          </section>
        ))}
      </main>
      <SignInAgain onSignOut={signOut} />
    </OrganizationsProvider>
  )
}
