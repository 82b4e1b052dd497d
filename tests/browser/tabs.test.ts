import { expect, it } from 'vitest'
import { sql } from '../database/support/database.ts'
import { openWindow, type Page, useBrowser } from './support/browser.ts'
import { clientOf, found, need } from './support/people.ts'

// A tab is in the organization that its address names, whatever other tabs do.

useBrowser()

/** The organization that each request of a page to the API names. */
function watch(page: Page): Set<string> {
  const named = new Set<string>()
  page.on('request', (request) => {
    const inOne = /\/(rest\/v1|functions\/v1\/(records|organizations\/[0-9a-f-]{36}))/.test(request.url())
    if (inOne && request.method() !== 'OPTIONS') named.add(request.headers()['x-organization-id'] ?? 'none')
  })
  return named
}

it('keeps two tabs in two organizations apart', async () => {
  const [north, south] = await Promise.all([found('North'), found('South')])
  for (const { organization, alice } of [north, south]) {
    const lead = { phone_number: '+14155550100', first_name: `Lead of ${organization.name}` }
    need(await alice.withOrganization(organization.id).records.create('leads', lead))
  }
  const window = await openWindow({ as: 'alice@acme.test' })
  const [one, two] = [window.page, await window.openTab()]
  await one.goto(`/o/${north.organization.slug}/leads`)
  await one.getByText(`Lead of ${north.organization.name}`).waitFor()
  const [named, others] = [watch(one), watch(two)]
  await two.goto(`/o/${south.organization.slug}/leads`)
  await two.getByText(`Lead of ${south.organization.name}`).waitFor()

  // The session's choice is now South; what the first tab adds is still North's.
  await one.getByRole('button', { name: 'Add a lead' }).click()
  await one.getByLabel('Phone number').fill('+14155550199')
  await one.getByLabel('First name').fill('Added in the first tab')
  await one.getByRole('button', { name: 'Add lead' }).click()
  await one.getByRole('cell', { name: 'Added in the first tab' }).waitFor()
  const stored = await sql`select organization_id from leads where first_name = 'Added in the first tab'
    and organization_id in (${north.organization.id}, ${south.organization.id})`
  expect(stored).toEqual([{ organization_id: north.organization.id }])
  await one.getByRole('link', { name: 'Organization' }).click()
  await one.getByRole('tab', { name: 'Members' }).click()
  await one.getByRole('cell', { name: /^Alice Archer/ }).waitFor()
  expect([...named]).toEqual([north.organization.id])
  expect([...others]).toEqual([south.organization.id])

  // Switching one tab leaves the other where it is, and the last one used opens first.
  await two.getByRole('button', { name: /Switch organization/ }).click()
  await two.getByRole('menuitem', { name: north.organization.name }).click()
  await two.getByText('Added in the first tab').waitFor()
  expect(await two.getByText(`Lead of ${south.organization.name}`).count()).toBe(0)
  await expect.poll(async () => {
    await one.goto('/')
    await one.waitForURL('**/leads')
    return new URL(one.url()).pathname
  }, { timeout: 20_000 }).toBe(`/o/${north.organization.slug}/leads`)
  expect(window.complaints).toEqual([])
  await window.close()
})

it('shows a foreign address as it shows one that does not exist', async () => {
  const window = await openWindow({ as: 'mia@acme.test' })
  const textAt = async (path: string) => {
    await window.page.goto(path)
    await window.page.getByRole('heading').waitFor()
    return await window.page.locator('main').textContent()
  }
  const foreign = await textAt('/o/globex/leads')
  expect(foreign).toContain('There is nothing here')
  expect(foreign).toBe(await textAt('/o/no-such-company/leads'))
  expect(foreign).toBe(await textAt('/nowhere/at/all'))
  await window.close()
})

it('says so when a membership ends under a list that is just empty', async () => {
  const { organization, alice } = await found('Emptied', { mia: 'member' })
  const window = await openWindow({ as: 'mia@acme.test' })
  await window.page.goto(`/o/${organization.slug}/organization/general`)
  await window.page.getByRole('heading', { name: 'General' }).waitFor()
  const [{ id } = { id: '' }] = await sql`select id from auth.users where email = 'mia@acme.test'`
  need(await alice.members.remove(organization.id, id))
  // The Data API shows no rows to who is no member: that alone would look like a company without leads.
  await window.page.getByRole('link', { name: 'Leads' }).click()
  await window.page.getByRole('heading', { name: 'You are no longer here' }).waitFor()
  await window.close()
})

it('lets an owner delete an organization and bring it back', async () => {
  const { organization } = await found('Closing')
  const window = await openWindow({ as: 'alice@acme.test' })
  const { page } = window
  await page.goto(`/o/${organization.slug}/organization/danger`)
  await page.getByRole('button', { name: 'Delete' }).click()
  const dialog = page.getByRole('alertdialog')
  expect(await dialog.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true)
  await dialog.getByRole('textbox').fill(organization.slug)
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await page.getByText(`${organization.name} was deleted.`).waitFor()
  await page.goto(`/o/${organization.slug}/leads`)
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
  await page.goto('/start')
  await page.getByRole('listitem').filter({ hasText: organization.name }).getByRole('button', { name: 'Restore' })
    .click()
  await page.getByText('No leads yet').waitFor()
  const alice = await clientOf('alice@acme.test')
  expect(need(await alice.organizations.get(organization.id)).organization.deleted_at).toBeNull()
  await window.close()
})
