import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { root } from '../local/settings.ts'
import { findChromium, launch } from '../tests/browser/support/chromium.ts'
import { startStack } from '../tests/stack/start.ts'
import { password, prepare, type Scene } from './screenshots-scene.ts'

// `npm run screenshots`: starts a stack of its own, fills it, and takes the pictures of docs/screenshots. With a folder
// after `--`, it puts there, as PNG, the same pictures and those of what a page has to bear, to be looked at.

interface Looks {
  width: number
  height: number
  colorScheme: 'light' | 'dark'
}
const desktop: Looks = { width: 1200, height: 760, colorScheme: 'light' }
const dark: Looks = { ...desktop, colorScheme: 'dark' }
const phone: Looks = { width: 390, height: 780, colorScheme: 'light' }

interface Shot {
  name: string
  looks: Looks
  who?: 'owner' | 'invited'
  path: string
  /** What is done, or waited for, before the picture. */
  ready: (page: Page) => Promise<unknown>
}

const heading = (name: string | RegExp) => (page: Page) =>
  page.getByRole('heading', { name, exact: true }).first().waitFor()
const row = (page: Page) => page.locator('tbody tr').first().waitFor()
const chart = async (page: Page) => {
  await page.locator('.ds-chart').scrollIntoViewIfNeeded()
  await page.locator('.recharts-bar-rectangle').first().waitFor()
}

/** Ends the session while a form is half filled in. */
const endSession = async (page: Page) => {
  await page.getByRole('button', { name: 'Add a campaign' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Open house, spring')
  await page.route('**/functions/v1/records/campaigns', (route) => route.fulfill({ status: 401 }))
  await page.getByRole('button', { name: 'Add campaign' }).click()
  await heading('Sign in to go on')(page)
}

const shotsOf = ({ slug, acceptUrl }: Scene): Shot[] => {
  const at = (path: string) => `/o/${slug}/${path}`
  return [
    { name: 'sign-in', looks: desktop, path: '/sign-in', ready: heading('Sign in') },
    { name: 'invitation-phone', looks: phone, who: 'invited', path: acceptUrl, ready: heading(/^Join/) },
    { name: 'start', looks: desktop, who: 'invited', path: '/start', ready: heading('Waiting for you') },
    { name: 'overview', looks: desktop, who: 'owner', path: at('overview'), ready: heading('Usage') },
    { name: 'leads', looks: desktop, who: 'owner', path: at('leads'), ready: row },
    { name: 'leads-phone', looks: phone, who: 'owner', path: at('leads'), ready: row },
    {
      name: 'import',
      looks: desktop,
      who: 'owner',
      path: at('leads/import'),
      ready: async (page) => {
        await page.getByLabel('File').setInputFiles(join(root, 'demo', 'leads.csv'))
        await page.getByRole('button', { name: /^Import [\d,]+ leads$/ }).waitFor()
      },
    },
    { name: 'campaigns', looks: desktop, who: 'owner', path: at('campaigns'), ready: row },
    { name: 'campaigns-phone', looks: phone, who: 'owner', path: at('campaigns'), ready: row },
    { name: 'members', looks: desktop, who: 'owner', path: at('organization/members'), ready: row },
    { name: 'members-dark', looks: dark, who: 'owner', path: at('organization/members'), ready: row },
    { name: 'members-phone', looks: phone, who: 'owner', path: at('organization/members'), ready: row },
    { name: 'invitations', looks: desktop, who: 'owner', path: at('organization/invitations'), ready: row },
    {
      name: 'domains',
      looks: desktop,
      who: 'owner',
      path: at('organization/domains'),
      ready: (page) => page.getByText('harbor.example', { exact: true }).first().waitFor(),
    },
    { name: 'plan', looks: desktop, who: 'owner', path: at('organization/plan'), ready: heading('Plan') },
    { name: 'usage', looks: desktop, who: 'owner', path: at('organization/usage'), ready: chart },
    { name: 'usage-dark', looks: dark, who: 'owner', path: at('organization/usage'), ready: chart },
    { name: 'audit-log', looks: desktop, who: 'owner', path: at('organization/audit'), ready: heading('Audit log') },
    { name: 'billing-dark', looks: dark, who: 'owner', path: at('billing'), ready: heading('Plans') },
    { name: 'components', looks: desktop, who: 'owner', path: '/examples.html', ready: heading('OrganizationProfile') },
    // In a window of its own, as nobody is signed in there afterwards.
    {
      name: 'sign-in-again',
      looks: { ...desktop, height: 800 },
      who: 'owner',
      path: at('campaigns'),
      ready: endSession,
    },
  ]
}

/** Long names, names from right to left, and nothing at all, each in every look. */
const extremesOf = ({ extremes }: Scene): Shot[] => {
  const paths = [
    'leads',
    'campaigns',
    ...['general', 'members', 'danger', 'invitations'].map((part) => `organization/${part}`),
  ]
  return Object.entries(extremes).flatMap(([name, slug]) =>
    Object.entries({ light: desktop, dark, phone }).flatMap(([look, looks]) =>
      paths.map((path) => ({
        name: `${name}-${path.split('/').at(-1)}-${look}`,
        looks,
        who: 'owner' as const,
        path: `/o/${slug}/${path}`,
        ready: (page: Page) => page.getByRole('heading').first().waitFor(),
      }))
    )
  )
}

const lookInto = Deno.args[0]
const folder = join(root, 'docs', 'screenshots')
const stack = await startStack({ seed: false })
const browser = await launch(await findChromium())
try {
  const scene = await prepare(stack.status)
  const contexts = new Map<string, Page>()
  /** A window of these looks in which somebody is signed in. */
  const windowOf = async ({ who, looks }: Shot): Promise<Page> => {
    const key = `${who} ${JSON.stringify(looks)}`
    const open = contexts.get(key)
    if (open) return open
    const { width, height, colorScheme } = looks
    const context = await browser.newContext({
      baseURL: stack.status.WEB_URL,
      viewport: { width, height },
      colorScheme,
      locale: 'en-US',
      timezoneId: 'America/New_York',
      reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    contexts.set(key, page)
    if (who === undefined) return page
    await page.goto('/sign-in')
    await page.getByLabel('E-mail address').fill(scene[who])
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.waitForURL((url) => url.pathname !== '/sign-in')
    return page
  }
  const take = async (shot: Shot, isForDocs: boolean) => {
    const page = await windowOf(shot)
    await page.goto(shot.path)
    await shot.ready(page)
    await page.waitForLoadState('networkidle')
    if (lookInto !== undefined) {
      await page.screenshot({ path: join(lookInto, `${shot.name}.png`), fullPage: !isForDocs })
    }
    if (!isForDocs) return
    const session = await page.context().newCDPSession(page)
    const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 80 })
    await Deno.writeFile(join(folder, `${shot.name}.webp`), Uint8Array.fromBase64(data))
    await session.detach()
  }
  if (lookInto !== undefined) await Deno.mkdir(lookInto, { recursive: true })
  await Deno.mkdir(folder, { recursive: true })
  const shots = shotsOf(scene)
  for (const shot of shots) await take(shot, true)
  if (lookInto !== undefined) { for (const shot of extremesOf(scene)) await take(shot, false) }
  console.log(`${shots.length} pictures in ${folder}`)
} finally {
  await browser.close()
  await stack.stop()
}
Deno.exit(0)
