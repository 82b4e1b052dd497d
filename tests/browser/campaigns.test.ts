import { expect, it } from 'vitest'
import { sql } from '../database/support/database.ts'
import { openWindow, useBrowser } from './support/browser.ts'
import { found, need } from './support/people.ts'

// Campaigns by clicks: added with what the organization has set, changed by who may, and found.

useBrowser()

it('campaigns are added, changed by who may, and found', async () => {
  const { organization, alice } = await found('Campaigns', { mia: 'member' })
  need(
    await alice.organizations.update(organization.id, {
      calling_hours_start: '08:30',
      calling_hours_end: '20:00',
      timezone: 'Europe/Berlin',
    }),
  )
  const [owner, member] = [await openWindow({ as: 'alice@acme.test' }), await openWindow({ as: 'mia@acme.test' })]
  const { page } = owner
  const names = () => page.locator('tbody .ds-name:not(.ds-soft *)').allTextContents()
  const dialog = page.getByRole('dialog')
  await page.goto(`/o/${organization.slug}/overview`)
  await page.getByRole('link', { name: 'Campaigns' }).click()
  await page.getByText('No campaigns yet').waitFor()
  await page.getByRole('button', { name: 'Add a campaign' }).click()
  await dialog.getByText('Left empty: 08:30 to 20:00, Europe/Berlin.').waitFor()
  await dialog.getByRole('button', { name: 'Add campaign' }).click()
  await dialog.getByText('Must not be empty.').waitFor()
  await dialog.getByLabel('Name').fill('Spring sale')
  await dialog.getByRole('button', { name: 'Add campaign' }).click()
  await page.getByRole('row', { name: /Spring sale.*Draft.*08:30 to 20:00.*Europe\/Berlin/ }).waitFor()

  // Changed is what was changed, and nothing else.
  await page.getByRole('button', { name: 'Change Spring sale' }).click()
  await dialog.getByLabel('Status').selectOption('Active')
  await dialog.getByLabel('Description').fill('Who asked\nlast year')
  await sql`update campaigns set caller_id = '+14155550100' where organization_id = ${organization.id}`
  await dialog.getByRole('button', { name: 'Save campaign' }).click()
  await page.getByRole('row', { name: /Spring sale.*Who asked last year.*Active.*\+14155550100/s }).waitFor()

  // A member adds, and changes what is theirs.
  const mia = member.page
  await mia.goto(`/o/${organization.slug}/campaigns`)
  await mia.getByRole('cell', { name: /^Spring sale/ }).waitFor()
  await mia.getByRole('button', { name: 'Add a campaign' }).click()
  await mia.getByLabel('Name').fill('Autumn fair')
  await mia.getByRole('button', { name: 'Add campaign' }).click()
  await mia.getByRole('button', { name: 'Change Autumn fair' }).waitFor()
  expect(await mia.getByRole('button', { name: /^Change/ }).count()).toBe(1)

  await page.reload()
  await expect.poll(names).toEqual(['Autumn fair', 'Spring sale'])
  expect(await page.getByRole('button', { name: /^Change/ }).count()).toBe(2)
  await page.getByLabel('Search campaigns').fill('SALE spr')
  await expect.poll(names).toEqual(['Spring sale'])
  await page.getByLabel('Status').selectOption('Paused')
  await page.getByText('No campaign found').waitFor()
  // That there is nothing of one status says nothing about another one.
  const rows = '**/rest/v1/campaigns?*'
  const held = Promise.withResolvers<void>()
  await page.route(rows, async (route) => {
    await held.promise
    await route.continue()
  })
  await page.getByLabel('Status').selectOption('Completed')
  await page.getByRole('main').getByRole('status').waitFor()
  expect(await page.getByText('No campaign found').count()).toBe(0)
  held.resolve()
  await page.getByText('No campaign found').waitFor()
  await page.unroute(rows)
  await page.getByRole('button', { name: 'Show all campaigns' }).click()
  await expect.poll(names).toEqual(['Autumn fair', 'Spring sale'])
  await page.getByLabel('Status').selectOption('Draft')
  await expect.poll(names).toEqual(['Autumn fair'])

  // What is not there any more is not changed, and nothing that was typed is lost.
  await page.getByRole('button', { name: 'Change Autumn fair' }).click()
  await dialog.getByLabel('Name').fill('Autumn')
  await sql`delete from campaigns where organization_id = ${organization.id} and name = 'Autumn fair'`
  await dialog.getByRole('button', { name: 'Save campaign' }).click()
  await dialog.getByText('Nothing was changed').waitFor()
  expect(await dialog.getByLabel('Name').inputValue()).toBe('Autumn')
  // Page by page, also of those that came at the same moment; what is archived counts towards no limit.
  await sql`insert into campaigns (organization_id, name, status, created_at)
    select ${organization.id}, 'Old ' || n, 'archived', '2026-01-02T03:04:05Z' from generate_series(1, 60) as n`
  await page.reload()
  await expect.poll(async () => (await names()).length).toBe(50)
  await page.getByRole('button', { name: 'Show more' }).click()
  await expect.poll(async () => new Set(await names()).size).toBe(61)
  expect((await names()).length).toBe(61)
  expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0)
  expect([owner.complaints, member.complaints]).toEqual([[], []])
  await owner.close()
  await member.close()
})
