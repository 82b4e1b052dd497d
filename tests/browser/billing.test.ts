import { describe, expect, inject, it } from 'vitest'
import { sql } from '../database/support/database.ts'
import { callsAbout, newSubscriptionId, say, subscriptionEvent, tell } from '../functions/support/stripe.ts'
import { openWindow, type Page, useBrowser } from './support/browser.ts'
import { found, need } from './support/people.ts'

// Plans, what is used of them, and how they are bought. A stand-in plays Stripe's part.

useBrowser()

const { WEB_URL } = inject('stack')

/** What a function refuses, without its being asked. */
const refuse = (page: Page, path: string, status: number, body: object) =>
  page.route(path, (route) =>
    route.fulfill({
      status,
      headers: { 'access-control-allow-origin': WEB_URL, 'content-type': 'application/problem+json' },
      body: JSON.stringify({ type: 'urn:x', title: 'x', status, instance: 'x', ...body }),
    }))

const customerOf = async (id: string): Promise<string> =>
  (await sql`select customer_id from tenancy.billing_customers where organization_id = ${id}`)[0]?.customer_id

describe('a plan', () => {
  it('is bought on a page of Stripe’s, and shown once Stripe has said so', async () => {
    const { organization } = await found('Buying')
    const window = await openWindow({ as: 'alice@acme.test' })
    const { page } = window
    await page.goto(`/o/${organization.slug}/leads`)
    await page.getByRole('link', { name: 'Billing', exact: true }).click()
    await page.getByRole('button', { name: 'Choose Professional' }).click()
    await page.getByText('Everything that you use fits into Professional.').waitFor()
    await page.getByRole('button', { name: 'Go to payment' }).click()
    await page.waitForURL(/\/checkout\/cs_test_/)

    const customer = await customerOf(organization.id)
    const [session] = (await callsAbout(customer)).filter(({ path, method }) =>
      method === 'POST' && path === '/v1/checkout/sessions'
    )
    expect(session?.params).toMatchObject({
      'line_items[0][price]': 'price_professional',
      success_url: `${WEB_URL}/o/${organization.slug}/billing?checkout=success&tier=professional`,
      cancel_url: `${WEB_URL}/o/${organization.slug}/billing?checkout=cancelled`,
    })

    await page.goto(session?.params.cancel_url ?? '')
    await page.getByText('Nothing was bought.').waitFor()
    await page.goto(session?.params.success_url ?? '')
    await page.getByText('We are waiting for the confirmation of the payment').waitFor()
    expect(await page.getByText('Thank you.').textContent()).not.toContain('is on')
    expect((await tell(subscriptionEvent('created', { id: newSubscriptionId(), customer }))).status).toBe(200)
    await page.getByText(`${organization.name} is on Professional now.`).waitFor()
    await page.getByRole('heading', { name: 'Professional Active' }).waitFor()
    await page.getByRole('heading', { name: 'Professional Yours' }).waitFor()

    // With a subscription, another plan is a matter of the portal.
    await say({ about: customer, subscriptions: [{ id: 'sub_1', status: 'active' }] })
    await page.getByRole('button', { name: 'Choose Basic' }).click()
    await page.getByRole('button', { name: 'Go to payment' }).click()
    await page.getByText('This organization has a subscription').waitFor()
    await page.getByRole('button', { name: 'Change it in the portal' }).click()
    await page.waitForURL(`**/portal/${customer}`)
    const portals = (await callsAbout(customer)).filter(({ path }) => path === '/v1/billing_portal/sessions')
    expect(portals.map(({ params }) => params.return_url)).toEqual([`${WEB_URL}/o/${organization.slug}/billing`])
    expect(window.complaints).toEqual([])
    await window.close()
  })

  it('that is smaller says first what is over it, and that nothing is taken away', async () => {
    const { organization, alice } = await found('Shrinking')
    const tier = `plan_${crypto.randomUUID().slice(0, 8)}`
    const position = 1000 + Math.floor(Math.random() * 30_000)
    await sql`insert into subscription_plans (tier, name, position, features)
      values (${tier}, 'Of this test', ${position}, '["Recording"]')`
    await sql`update organizations set subscription_tier = ${tier} where id = ${organization.id}`
    const campaigns = Array.from({ length: 11 }, (_, n) => ({ name: `Campaign ${n}` }))
    need(await alice.withOrganization(organization.id).records.create('campaigns', campaigns))
    const window = await openWindow({ as: 'alice@acme.test' })
    const { page } = window
    await page.goto(`/o/${organization.slug}/billing`)
    await page.getByRole('button', { name: 'Choose Basic' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Campaigns: 11 used, 10 in Basic, 1 too many').waitFor()
    await dialog.getByText('Nothing is taken away').waitFor()
    await dialog.getByText('You no longer have: Recording.').waitFor()
    await sql`update organizations set subscription_tier = 'basic' where id = ${organization.id}`
    await sql`delete from subscription_plans where tier = ${tier}`
    await window.close()
  })

  it('can’t be bought where payments are not set up, and says so', async () => {
    const { organization } = await found('Without payments')
    const window = await openWindow({ as: 'alice@acme.test' })
    const { page } = window
    await page.goto(`/o/${organization.slug}/billing`)
    // Before anything was bought there is no portal either.
    await page.getByRole('button', { name: 'Payment and invoices' }).click()
    await page.getByRole('alert').waitFor()
    expect(await customerOf(organization.id)).toBeUndefined()
    await refuse(page, '**/billing/*/checkout', 503, { code: 'unavailable', detail: 'Payments are not set up here.' })
    await page.getByRole('button', { name: 'Choose Professional' }).click()
    await page.getByRole('button', { name: 'Go to payment' }).click()
    await page.getByText('Payments are not set up here. Everything else works.').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('link', { name: 'Leads' }).click()
    await page.getByText('No leads yet').waitFor()
    await window.close()
  })
})

describe('the way back from a checkout of another app', () => {
  it('leads to the organization that one was in, of those that one owns', async () => {
    const { organization } = await found('Returning')
    const window = await openWindow({ as: 'alice@acme.test' })
    const { page } = window
    const set = page.waitForResponse((response) =>
      response.url().endsWith('/active-organization') && response.request().method() === 'PUT' &&
      (response.request().postData() ?? '').includes(organization.id)
    )
    await page.goto(`/o/${organization.slug}/leads`)
    await set
    await page.goto('/billing?checkout=cancelled')
    await page.waitForURL(`**/o/${organization.slug}/billing?checkout=cancelled`)
    await page.getByText('Nothing was bought.').waitFor()
    await window.close()
  })

  it('leads nowhere for who owns none', async () => {
    const window = await openWindow({ as: 'mia@acme.test' })
    await window.page.goto('/billing?checkout=success')
    await window.page.getByText('you own no organization').waitFor()
    await window.close()
  })
})

describe('the state of an organization', () => {
  it('is shown on every page, with what its owners can do and others can’t', async () => {
    const { organization } = await found('Unpaid', { adam: 'admin' })
    const { id, slug } = organization
    const [owner, admin] = [await openWindow({ as: 'alice@acme.test' }), await openWindow({ as: 'adam@acme.test' })]
    const words = { past_due: 'Everything works for now', suspended: 'Everything can be read', cancelled: 'Everything' }
    for (const [status, text] of Object.entries(words)) {
      await sql`update organizations set subscription_status = ${status} where id = ${id}`
      await owner.page.goto(`/o/${slug}/leads`)
      await owner.page.getByRole('note').getByText(text).waitFor()
      await owner.page.getByRole('note').getByRole('link', { name: 'Go to billing' }).waitFor()
      await admin.page.goto(`/o/${slug}/leads`)
      await admin.page.getByRole('note').getByText(text).waitFor()
      expect(await admin.page.getByRole('link', { name: /billing/i }).count()).toBe(0)
    }
    await owner.page.getByRole('note').getByRole('link', { name: 'Go to billing' }).click()
    await owner.page.getByRole('button', { name: 'Choose Basic' }).waitFor()

    // To everybody else there is no such page.
    await admin.page.goto(`/o/${slug}/billing`)
    await admin.page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
    expect(await admin.page.getByRole('button', { name: /Choose/ }).count()).toBe(0)
    await sql`update organizations set subscription_status = 'active' where id = ${id}`
    await owner.page.goto(`/o/${slug}/leads`)
    await owner.page.getByRole('heading', { name: 'Leads' }).waitFor()
    expect(await owner.page.getByRole('note').count()).toBe(0)
    await Promise.all([owner.close(), admin.close()])
  })
})

describe('the profile', () => {
  it('shows how far quotas are used, when they begin anew, and what the next plan would give', async () => {
    const { organization, alice } = await found('Metered', { mia: 'member' })
    const campaigns = Array.from({ length: 8 }, (_, n) => ({ name: `Campaign ${n}` }))
    need(await alice.withOrganization(organization.id).records.create('campaigns', campaigns))
    await sql`update organizations set max_users = 2, max_phone_numbers = 0, trial_ends_at = '2030-01-15T12:00:00Z'
      where id = ${organization.id}`
    const window = await openWindow({ as: 'mia@acme.test' })
    const { page } = window
    await page.goto(`/o/${organization.slug}/organization/plan`)
    const meter = (name: string) => page.getByRole('meter', { name })
    expect(await meter('Campaigns').getAttribute('aria-valuetext')).toBe('8 of 10')
    await meter('Campaigns').getByText('Nearly used up.').waitFor()
    expect(await meter('People').getAttribute('aria-valuetext')).toBe('2 of 2')
    await meter('People').getByText('Used up').waitFor()
    await meter('Calls a month').getByText(/Begins anew on \w+ 1, \d{4}\./).waitFor()
    await page.getByText('Until Jan 15, 2030. Before it ends, an owner should choose a plan.').waitFor()
    await page.getByRole('heading', { name: 'What Professional would give' }).waitFor()
    await page.getByText('Campaigns: 100 (now 10)').waitFor()
    // Its own limits come before those of any plan.
    expect(await page.getByText('People: 25').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Go to billing' }).count()).toBe(0)
    await window.close()
  })

  it('shows what was used, by day and month, as a chart and as a table', async () => {
    const { organization, alice } = await found('Used')
    const leads = Array.from({ length: 7 }, (_, n) => ({ phone_number: `+1415555010${n}` }))
    need(await alice.withOrganization(organization.id).records.create('leads', leads))
    const window = await openWindow({ as: 'alice@acme.test' })
    const { page } = window
    await page.goto(`/o/${organization.slug}/organization/usage`)
    await page.getByRole('radio', { name: /^Leads added\s*7/ }).check()
    await page.locator('figcaption', { hasText: 'Leads added by day' }).waitFor()
    await page.locator('.recharts-bar-rectangle').first().waitFor()
    await page.getByText('Show as a table').click()
    expect(await page.getByRole('row').count()).toBe(31)
    expect(await page.getByRole('row').last().getByRole('cell').allTextContents()).toEqual([
      expect.stringMatching(/\d{4}$/),
      '0',
      '0',
      '0',
      '0',
      '7',
      '1',
    ])
    await page.getByLabel('Show').selectOption('12 months')
    await page.locator('figcaption', { hasText: 'Leads added by month' }).waitFor()
    expect(await page.getByRole('row').count()).toBe(13)
    await page.getByLabel('Show').selectOption('Other days')
    await page.getByLabel('From').fill('2020-01-01')
    await page.getByRole('alert').waitFor()
    await page.getByLabel('By').selectOption('Day')
    await page.getByLabel('To').fill('2020-01-03')
    await page.locator('figcaption', {
      hasText: 'Jan 1, 2020 to Jan 3, 2020; compared with Dec 29, 2019 to Dec 31, 2019',
    }).waitFor()
    expect(await page.getByRole('radio', { name: /^Leads added/ }).isChecked()).toBe(true)
    await page.getByText('Show as a table').click()
    expect(await page.getByRole('row').count()).toBe(4)
    expect(window.complaints).toEqual([])
    await window.close()
  })
})
