import type { Browser, Page, Request } from 'playwright-core'
import { afterAll, beforeAll, inject } from 'vitest'
import { launch } from './chromium.ts'
import { sessionOf } from './people.ts'

export type { Page } from 'playwright-core'
export { signIn } from './sign-in.ts'

let browser: Browser

/** Starts the browser before the tests of a file, and stops it after them. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await launch(inject('chromium'))
  })
  afterAll(() => browser.close())
}

export interface Looks {
  width?: number
  colorScheme?: 'light' | 'dark'
  /** Somebody of the seeded cast who is signed in already: the form has tests of its own. */
  as?: string
}

/** A window of somebody's own browser, and what its pages have complained about. */
export interface Window {
  page: Page
  complaints: string[]
  /** Waits until nothing is on its way any more and what came is shown. */
  settled(): Promise<void>
  /** Another tab of the same browser. */
  openTab(): Promise<Page>
  close(): Promise<void>
}

/** Opens a browser with a storage of its own. */
export async function openWindow({ width = 1200, colorScheme = 'light', as }: Looks = {}): Promise<Window> {
  const context = await browser.newContext({
    baseURL: inject('stack').WEB_URL,
    viewport: { width, height: 800 },
    colorScheme,
    locale: 'en-US',
    timezoneId: 'America/New_York',
    reducedMotion: 'reduce',
    ...(as !== undefined && { storageState: { cookies: [], origins: [await signedInAs(as)] } }),
  })
  context.setDefaultTimeout(40_000)
  const complaints: string[] = []
  context.on('weberror', (error) => complaints.push(error.error().message))
  context.on('console', (message) => {
    // A refusal of the API is an answer like others; the browser reports each by itself.
    const isAnswer = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !isAnswer) complaints.push(message.text())
  })
  const onTheirWay = new Set<Request>()
  context.on('request', (request) => onTheirWay.add(request))
  context.on('requestfinished', (request) => onTheirWay.delete(request))
  context.on('requestfailed', (request) => onTheirWay.delete(request))
  const page = await context.newPage()
  /** Until what React does with an answer has been painted. */
  const painted = () => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))))
  return {
    page,
    complaints,
    async settled() {
      // What an answer leads to begins within the frame after it.
      for (let frames = 0; frames < 2; frames = onTheirWay.size === 0 ? frames + 1 : 0) await painted()
    },
    openTab: () => context.newPage(),
    close: () => context.close(),
  }
}

/** What supabase-js has stored in the browser of somebody who signed in. */
async function signedInAs(email: string) {
  const session = await sessionOf(email)
  const name = `sb-${new URL(inject('stack').API_URL).hostname.split('.')[0]}-auth-token`
  return { origin: inject('stack').WEB_URL, localStorage: [{ name, value: JSON.stringify(session) }] }
}
