import { expect, it } from 'vitest'
import { openWindow, type Page, useBrowser } from './support/browser.ts'
import { confirmationLink, invitationLink, linkTo, named } from './support/people.ts'

// The main story by clicks, in two browsers at once: one person founds, another one is invited, joins, rises and is removed.

useBrowser()

const password = 'correct horse battery staple'

async function signUp(page: Page, name: string, email: string): Promise<void> {
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor()
}

it('goes from two sign-ups to a colleague at work, and out again', async () => {
  const mark = crypto.randomUUID().slice(0, 8)
  const [hanna, leo] = [`hanna.${mark}@harbor.test`, `leo.${mark}@freelance.test`]
  const company = named('Harbor Realty')
  const [one, two] = await Promise.all([openWindow(), openWindow()])

  // Hanna signs up; the link in the mail signs her in.
  await one.page.goto('/')
  await one.page.getByRole('link', { name: 'Create an account' }).click()
  await signUp(one.page, 'Hanna Harbor', hanna)
  await one.page.goto(await linkTo(hanna, confirmationLink))
  await one.page.getByLabel('Name', { exact: true }).fill(company)
  await one.page.getByRole('button', { name: 'Create organization' }).click()
  await one.page.getByText('No leads yet').waitFor()
  expect(new URL(one.page.url()).pathname).toMatch(/^\/o\/harbor-realty-[0-9a-f]+\/leads$/)

  // She adds a lead and invites Leo.
  await one.page.getByRole('button', { name: 'Add a lead' }).click()
  await one.page.getByLabel('Phone number').fill('+14155550100')
  await one.page.getByLabel('First name').fill('Iris')
  await one.page.getByRole('button', { name: 'Add lead' }).click()
  await one.page.getByRole('cell', { name: 'Iris' }).waitFor()
  await one.page.getByRole('link', { name: 'Organization' }).click()
  await one.page.getByRole('tab', { name: 'Invitations' }).click()
  await one.page.getByRole('button', { name: 'Invite somebody' }).click()
  await one.page.getByLabel('E-mail address').fill(leo)
  await one.page.getByRole('button', { name: 'Send invitation' }).click()
  await one.page.getByRole('cell', { name: leo, exact: true }).waitFor()

  // Leo opens the mail, has no account, makes one, and is led back to the invitation.
  const asked: string[] = []
  two.page.on('request', (request) => asked.push(request.url()))
  const link = await linkTo(leo, invitationLink)
  await two.page.goto(link)
  await two.page.getByRole('heading', { name: `Join ${company}` }).waitFor()
  const token = decodeURIComponent(link.split('#token=')[1] ?? '')
  expect(token.length).toBeGreaterThan(20)
  expect(two.page.url()).not.toContain(token)
  await two.page.getByRole('link', { name: 'Create an account' }).click()
  await signUp(two.page, 'Leo Freelance', leo)
  const tab = await two.openTab()
  await tab.goto(await linkTo(leo, confirmationLink))
  await tab.getByText(`signed in as ${leo}`).waitFor()
  await tab.getByRole('button', { name: 'Accept invitation' }).click()
  await tab.getByRole('cell', { name: 'Iris' }).waitFor()
  expect(asked.filter((url) => url.includes(token) && !url.startsWith(link.split('#')[0] ?? ''))).toEqual([])

  // As a member he sees colleagues, and nothing that only admins do.
  await tab.getByRole('link', { name: 'Organization' }).click()
  await tab.getByRole('tab', { name: 'Danger zone' }).waitFor()
  expect(await tab.getByRole('tab').allTextContents()).toEqual(['General', 'Plan', 'Usage', 'Members', 'Danger zone'])

  // Hanna makes him an admin: at his next look he has more to do, with no sign-in between.
  await one.page.getByRole('tab', { name: 'Members' }).click()
  await one.page.getByRole('button', { name: 'Actions for Leo Freelance' }).click()
  await one.page.getByRole('menuitem', { name: 'Change role' }).click()
  await one.page.getByRole('radio', { name: /^Admin/ }).check()
  await one.page.getByRole('button', { name: 'Change role' }).click()
  await one.page.getByRole('row', { name: /Leo Freelance/ }).getByText('Admin').waitFor()
  await tab.reload()
  await tab.getByRole('tab', { name: 'Audit log' }).click()
  await tab.getByText('Member role changed').waitFor()

  // She removes him while his tab is open; his next click leads to a clear page.
  await one.page.getByRole('button', { name: 'Actions for Leo Freelance' }).click()
  await one.page.getByRole('menuitem', { name: 'Remove' }).click()
  await one.page.getByRole('button', { name: 'Remove', exact: true }).click()
  await one.page.getByText('Leo Freelance was removed.').waitFor()
  await tab.getByRole('tab', { name: 'Members' }).click()
  await tab.getByRole('heading', { name: 'You are no longer here' }).waitFor()
  await tab.getByText(`You don’t belong to ${company} any more`).waitFor()
  await tab.getByRole('link', { name: 'Go to your organizations' }).click()
  await tab.getByRole('heading', { name: 'Create your organization' }).waitFor()

  expect([...one.complaints, ...two.complaints]).toEqual([])
  await Promise.all([one.close(), two.close()])
})
