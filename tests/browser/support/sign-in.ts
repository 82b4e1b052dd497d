import type { Page } from 'playwright-core'

/** Signs somebody in by the form. */
export async function signIn(page: Page, email: string, password = 'dial-smart-demo'): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL((url) => url.pathname !== '/sign-in')
}
