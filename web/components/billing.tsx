import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import type { ProblemError } from '../../shared/client/index.ts'
import type { Organization } from '../../shared/contract/organizations.ts'
import type { Plan } from '../../shared/contract/plans.ts'
import { can } from '../../shared/roles.ts'
import { useOrganizationsContext } from './context.tsx'
import { useActiveOrganization, usePlanPreview, usePlans } from './hooks.ts'
import { Standing } from './profile/plan.tsx'
import { hasArrived } from './status.ts'
import { limitOn, quotaNames, quotaWords, toLimit } from './quota-words.ts'
import { lookAgain, lookAgainAfter, need } from './query.ts'
import { Button } from './ui/button.tsx'
import { Dialog } from './ui/dialog.tsx'
import { Badge, Loading, Note, Problem, Section } from './ui/states.tsx'

/** How somebody came back from a checkout, and the plan it was about where that is known. */
export interface Checkout {
  ended: 'success' | 'cancelled'
  tier?: string
}

/**
 * The plans there are, and the ways to the pages on which they are bought and paid; for owners.
 *
 * @example
 * <Billing returnUrl={`${location.origin}/billing`} checkout={{ ended: 'success', tier: 'professional' }} />
 */
export function Billing({ returnUrl, checkout, open = (url) => location.assign(url) }: {
  /** Where people come back to, with `checkout` and `tier` as parameters. Without it: `/billing` of the site. */
  returnUrl?: string
  checkout?: Checkout
  /** Opens a page of the one who handles payments. */
  open?: (url: string) => void
}) {
  const organization = useActiveOrganization()
  const plans = usePlans()
  const portal = usePayments(returnUrl, open)
  const [chosen, setChosen] = useState<Plan>()
  if (!organization) return <Loading lines={5} />
  if (!can(organization.role, 'startCheckout')) return null
  const current = plans.data?.find(({ tier }) => tier === organization.subscription_tier)
  const forSale = plans.data?.some(({ for_sale }) => for_sale) ?? false
  return (
    <>
      {checkout && <Back checkout={checkout} organization={organization} plans={plans.data ?? []} />}
      <Section
        title='Your plan'
        actions={<Button busy={portal.isPending} onClick={() => portal.mutate({})}>Payment and invoices</Button>}
      >
        <Standing name={current?.name ?? organization.subscription_tier} />
        {portal.error && <Refusal problem={portal.error} />}
      </Section>
      <Section title='Plans'>
        {plans.error
          ? <Problem text={plans.error.detail} onRetry={() => void plans.refetch()} />
          : !plans.data
          ? <Loading lines={4} />
          : (
            <>
              {!forSale && <Note>No plan is for sale here at the moment. Everything else works.</Note>}
              <ul className='ds-plans'>
                {plans.data.map((plan) => (
                  <li key={plan.tier} className='ds-card ds-plan'>
                    <Offer plan={plan} organization={organization}>
                      {plan.for_sale && <Button onClick={() => setChosen(plan)}>Choose {plan.name}</Button>}
                    </Offer>
                  </li>
                ))}
              </ul>
            </>
          )}
      </Section>
      <Dialog
        open={chosen !== undefined}
        onClose={() => setChosen(undefined)}
        title={`Choose ${chosen?.name ?? ''}`}
        description='You pay on a page of Stripe’s, and come back here.'
      >
        {chosen && <Confirm plan={chosen} {...{ returnUrl, open }} onCancel={() => setChosen(undefined)} />}
      </Dialog>
    </>
  )
}

function Offer({ plan, organization, children }: { plan: Plan; organization: Organization; children: ReactNode }) {
  return (
    <>
      <h3 className='ds-card-title'>
        {plan.name} {plan.tier === organization.subscription_tier && <Badge tone='good'>Yours</Badge>}
      </h3>
      <ul className='ds-gains'>
        {quotaNames.map((quota) => (
          <li key={quota}>{quotaWords[quota].title}: {toLimit(limitOn(quota, plan, organization))}</li>
        ))}
        {plan.features.map((feature) => (
          <li key={feature}>
            <bdi>{feature}</bdi>
          </li>
        ))}
      </ul>
      {children}
    </>
  )
}

const withParameters = (url: string, parameters: Record<string, string>): string =>
  `${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams(parameters)}`

/** Opens the page on which a plan is bought, or, without a plan, the one on which everything is paid and changed. */
function usePayments(returnUrl: string | undefined, open: (url: string) => void) {
  const { client } = useOrganizationsContext()
  const organization = useActiveOrganization()
  const queryClient = useQueryClient()
  return useMutation<void, ProblemError, { tier?: string }>({
    mutationFn: async ({ tier }) => {
      if (!organization) return
      const { url } = await need(
        tier === undefined
          ? client.billing.portal(organization.id, returnUrl === undefined ? {} : { return_url: returnUrl })
          : client.billing.checkout(organization.id, {
            tier,
            ...(returnUrl !== undefined && {
              success_url: withParameters(returnUrl, { checkout: 'success', tier }),
              cancel_url: withParameters(returnUrl, { checkout: 'cancelled' }),
            }),
          }),
      )
      open(url)
    },
    onError: (error) => lookAgainAfter(error, queryClient),
  })
}

/** What a refusal means for people: where payments are not set up, nothing is broken. */
function Refusal({ problem }: { problem: ProblemError }) {
  return problem.code === 'unavailable' && problem.status !== 0
    ? (
      <div role='alert'>
        <Note>{problem.detail} Everything else works.</Note>
      </div>
    )
    : <Problem text={problem.detail} />
}

function Confirm({ plan, returnUrl, open, onCancel }: {
  plan: Plan
  returnUrl?: string
  open: (url: string) => void
  onCancel: () => void
}) {
  const preview = usePlanPreview(plan.tier)
  const checkout = usePayments(returnUrl, open)
  const portal = usePayments(returnUrl, open)
  const refused = checkout.error ?? portal.error
  if (preview.error) return <Problem text={preview.error.detail} onRetry={() => void preview.refetch()} />
  if (!preview.data) return <Loading lines={3} label='Looking at what would change' />
  const { quotas, features } = preview.data
  const over = quotas.filter(({ over_by }) => over_by > 0)
  return (
    <div className='ds-stack'>
      {over.length > 0 && (
        <div className='ds-over'>
          <p>
            The organization uses more than {plan.name}{' '}
            gives. Nothing is taken away, and the next one is refused until there is room:
          </p>
          <ul>
            {over.map(({ quota, limit, used, over_by }) => (
              <li key={quota}>
                {quotaWords[quota].title}: {used.toLocaleString()} used, {toLimit(limit)} in {plan.name},{' '}
                {over_by.toLocaleString()} too many
              </li>
            ))}
          </ul>
        </div>
      )}
      {features.gained.length > 0 && <p>You get: {features.gained.join(', ')}.</p>}
      {features.lost.length > 0 && <p>You no longer have: {features.lost.join(', ')}.</p>}
      {over.length + features.lost.length === 0 && <p>Everything that you use fits into {plan.name}.</p>}
      {refused && <Refusal problem={refused} />}
      <div className='ds-actions'>
        <Button onClick={onCancel}>Cancel</Button>
        {checkout.error?.code === 'conflict'
          ? (
            <Button look='primary' busy={portal.isPending} onClick={() => portal.mutate({})}>
              Change it in the portal
            </Button>
          )
          : (
            <Button look='primary' busy={checkout.isPending} onClick={() => checkout.mutate({ tier: plan.tier })}>
              Go to payment
            </Button>
          )}
      </div>
    </div>
  )
}

const lookEvery = 2000
const patience = 90_000

/** What somebody reads who comes back from a checkout. */
function Back({ checkout: { ended, tier }, organization, plans }: {
  checkout: Checkout
  organization: Organization
  plans: Plan[]
}) {
  const queryClient = useQueryClient()
  const [isLate, setLate] = useState(false)
  const arrived = hasArrived(organization, tier)
  const isWaiting = ended === 'success' && !arrived
  useEffect(() => {
    if (!isWaiting) return
    lookAgain(queryClient)
    const looking = setInterval(() => lookAgain(queryClient), lookEvery)
    const late = setTimeout(() => {
      setLate(true)
      // From then on it is looked for as often as everything else.
      clearInterval(looking)
    }, patience)
    return () => {
      clearInterval(looking)
      clearTimeout(late)
    }
  }, [isWaiting, queryClient])

  const name = plans.find((plan) => plan.tier === organization.subscription_tier)?.name ??
    organization.subscription_tier
  return (
    <div className={`ds-back ds-back-${ended === 'cancelled' ? 'calm' : arrived ? 'good' : 'waiting'}`} role='status'>
      {ended === 'cancelled'
        ? 'Nothing was bought. You can choose a plan whenever you like.'
        : arrived
        ? `Thank you. ${organization.name} is on ${name} now.`
        : isLate
        ? 'Thank you. The confirmation of the payment takes longer than usual. You can go on working: it is shown here as soon as it has come.'
        : 'Thank you. We are waiting for the confirmation of the payment; it takes some seconds.'}
    </div>
  )
}
