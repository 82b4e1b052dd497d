import { Buffer } from 'node:buffer'
import { expect, it } from 'vitest'
import { sql } from '../database/support/database.ts'
import { violations } from './support/axe.ts'
import { openWindow, signIn, useBrowser } from './support/browser.ts'
import { found, need } from './support/people.ts'

// Every page as axe sees it: in both colour schemes, on a wide screen and a phone, with long names and names from right to
// left.

useBrowser()

const sections = [
  'General',
  'Plan',
  'Usage',
  'Members',
  'Invitations',
  'Domains',
  'Lead fields',
  'Branding',
  'Audit log',
  'Danger zone',
]

const listOfLeads = {
  name: 'leads.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(
    'Phone,First name,Company,Colour\n+14155550102,مريم,شركة الاتصالات,red\n0815,Max,,\n+14155550102,Twice,,\n' +
      `+14155550103,${'Donaudampfschifffahrtsgesellschaft'.repeat(2)},A company & sons,\n`,
  ),
}

/** What pages are looked at as: the first is what somebody goes through them with. */
const looks = [
  { name: 'dark, on a phone', colorScheme: 'dark', width: 360 },
  { name: 'light', colorScheme: 'light', width: 1200 },
] as const

it('has pages without an accessibility violation, and none that is wider than the screen', async () => {
  const { organization, alice } = await found('A company with an unusually long name that has to go somewhere', {
    mia: 'member',
  })
  const { accept_url } = need(await alice.invitations.createLink(organization.id, {}))
  need(await alice.domains.claim(organization.id, { domain: `${crypto.randomUUID().slice(0, 8)}.example` }))
  const choice = { key: 'industry', label: 'An industry with an unusually long name', type: 'choice' } as const
  need(await alice.leadFields.create(organization.id, { ...choice, options: ['Telecommunication', 'الاتصالات'] }))
  need(await alice.leadFields.create(organization.id, { key: 'until', label: 'Until', type: 'date' }))
  need(
    await alice.withOrganization(organization.id).records.create('leads', [
      {
        phone_number: '+14155550100',
        first_name: 'مريم',
        last_name: 'العربي',
        company: 'شركة الاتصالات',
        custom_fields: { industry: 'الاتصالات' },
      },
      { phone_number: '+14155550101', first_name: 'Donaudampfschifffahrtsgesellschaftskapitänswitwe'.repeat(2) },
    ]),
  )
  need(
    await alice.withOrganization(organization.id).records.create('campaigns', {
      name: 'Donaudampfschifffahrtsgesellschaftskapitänswitwe'.repeat(2),
      description: 'شركة الاتصالات',
    }),
  )
  const window = await openWindow(looks[0])
  const { page } = window
  const wrong: Record<string, unknown> = {}
  const put = async ({ colorScheme, width }: typeof looks[number]) => {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 800 })
    await window.settled()
  }
  const look = async (name: string) => {
    for (const one of looks) {
      await put(one)
      const found = await violations(page)
      if (found.length > 0) wrong[`${name}, ${one.name}`] = found
      const tooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
      if (tooWide) wrong[`${name}, ${one.name}, width`] = tooWide
    }
    await put(looks[0])
  }

  await page.goto('/sign-in')
  await look('sign in')
  await page.goto('/sign-up')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByText('Must not be empty.').first().waitFor()
  await look('sign up, refused')
  await page.goto(accept_url)
  await page.getByRole('heading', { name: /^Join/ }).waitFor()
  await look('invitation')
  await page.getByRole('link', { name: 'Not now' }).click()
  await signIn(page, 'alice@acme.test')
  await page.goto(`/o/${organization.slug}/leads`)
  await page.getByRole('table').waitFor()
  await look('leads')
  await page.getByRole('link', { name: 'Campaigns' }).click()
  await page.getByRole('button', { name: /^Change Donau/ }).waitFor()
  await look('campaigns')
  await page.getByRole('link', { name: 'Overview' }).click()
  await page.getByRole('meter', { name: 'People' }).waitFor()
  await page.locator('.ds-chart').scrollIntoViewIfNeeded()
  await page.locator('.recharts-surface').first().waitFor()
  await look('overview')
  await page.getByRole('link', { name: 'Leads' }).click()
  await page.getByRole('table').waitFor()
  await page.getByRole('button', { name: 'Add a lead' }).click()
  await page.getByRole('dialog').waitFor()
  await look('dialog')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /Switch organization/ }).click()
  await page.getByRole('menu').waitFor()
  await look('switcher')
  await page.keyboard.press('Escape')
  await page.goto(`/o/${organization.slug}/organization/general`)
  for (const section of sections) {
    await page.getByRole('tab', { name: section }).click()
    await page.getByRole('tabpanel').getByRole('heading').first().waitFor()
    if (section === 'Usage') {
      await page.getByRole('radio', { name: /^Leads added/ }).check()
      await page.getByText('Show as a table').click()
      await page.locator('.recharts-bar-rectangle').first().waitFor()
    }
    await look(section)
  }
  await page.goto(`/o/${organization.slug}/billing?checkout=cancelled`)
  await page.getByText('Nothing was bought.').waitFor()
  await look('billing')
  await page.getByRole('button', { name: 'Choose Basic' }).click()
  await page.getByRole('button', { name: 'Go to payment' }).waitFor()
  await look('a choice of plan')
  await sql`update organizations set subscription_status = 'past_due', max_users = 1 where id = ${organization.id}`
  await page.goto(`/o/${organization.slug}/organization/plan`)
  await page.getByRole('note').waitFor()
  await page.getByText('over the limit').waitFor()
  await look('plan, used up and unpaid')
  await page.goto(`/o/${organization.slug}/leads/import`)
  await page.getByLabel('File').setInputFiles(listOfLeads)
  await page.getByRole('button', { name: 'Import 2 leads' }).waitFor()
  await page.getByText('Which rows, and why').click()
  await look('import')
  await page.getByRole('button', { name: 'Import 2 leads' }).click()
  await page.getByRole('heading', { name: 'The import has ended' }).waitFor()
  await look('import, ended')
  await page.goto('/start')
  await page.getByRole('heading', { name: 'Create an organization' }).waitFor()
  await look('start')
  await page.goto('/nowhere')
  await page.getByRole('heading').waitFor()
  await look('not found')

  expect(wrong).toEqual({})
  expect(window.complaints).toEqual([])
  await window.close()
})
