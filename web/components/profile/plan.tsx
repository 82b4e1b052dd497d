import type { Organization } from '../../../shared/contract/organizations.ts'
import type { Plan as PlanOffer } from '../../../shared/contract/plans.ts'
import { can } from '../../../shared/roles.ts'
import { useActiveOrganization, usePlans, useUsage } from '../hooks.ts'
import { QuotaMeters } from '../quota-meters.tsx'
import { limitOn, quotaNames, quotaWords, toLimit } from '../quota-words.ts'
import { statusWords } from '../status.ts'
import { Button } from '../ui/button.tsx'
import { Badge, Loading, Problem, Section } from '../ui/states.tsx'

/** Which plan the organization has, how far its limits are used, and what the next plan would give. */
export function Plan({ organization, onBilling }: { organization: Organization; onBilling?: () => void }) {
  const plans = usePlans()
  const usage = useUsage()
  const { subscription_tier: tier, timezone } = organization
  const at = plans.data?.findIndex((plan) => plan.tier === tier) ?? -1
  const current = plans.data?.[at]
  const next = at < 0 ? undefined : plans.data?.[at + 1]
  const mayPay = can(organization.role, 'startCheckout')
  return (
    <>
      <Section
        title='Plan'
        text='What the organization has, and how much of it is used.'
        actions={mayPay && onBilling && <Button look='primary' onClick={onBilling}>Go to billing</Button>}
      >
        <Standing name={current?.name ?? tier} />
        {usage.data
          ? <QuotaMeters quotas={usage.data.quotas} timezone={timezone} />
          : usage.error
          ? <Problem text={usage.error.detail} onRetry={() => void usage.refetch()} />
          : <Loading lines={4} />}
      </Section>
      {current && next && <More organization={organization} from={current} to={next} />}
    </>
  )
}

/** The plan's name, and where the organization is in its life. */
export function Standing({ name }: { name: string }) {
  const organization = useActiveOrganization()
  if (!organization) return null
  const { title, tone, since, advice } = statusWords(organization)
  return (
    <div className='ds-card ds-standing'>
      <h3 className='ds-card-title'>
        {name} <Badge tone={tone}>{title}</Badge>
      </h3>
      <p className='ds-soft'>{since} {advice}</p>
    </div>
  )
}

function More({ organization, from, to }: { organization: Organization; from: PlanOffer; to: PlanOffer }) {
  const limits = quotaNames.flatMap((quota) => {
    const [now, then] = [limitOn(quota, from, organization), limitOn(quota, to, organization)]
    return now === then ? [] : [{ quota, now, then }]
  })
  const features = to.features.filter((feature) => !from.features.includes(feature))
  if (limits.length + features.length === 0) return null
  return (
    <Section title={`What ${to.name} would give`}>
      <ul className='ds-gains'>
        {limits.map(({ quota, now, then }) => (
          <li key={quota}>
            {quotaWords[quota].title}: {toLimit(then)}{' '}
            <span className='ds-soft'>(now {toLimit(now).toLowerCase()})</span>
          </li>
        ))}
        {features.map((feature) => (
          <li key={feature}>
            <bdi>{feature}</bdi>
          </li>
        ))}
      </ul>
    </Section>
  )
}
