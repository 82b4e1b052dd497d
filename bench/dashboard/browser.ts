import { type BrowserContext, chromium } from 'playwright-core'
import { findChromium, launchOptions } from '../../tests/browser/support/chromium.ts'

/** A browser with one profile, as people have it, that Lighthouse can speak to as well. */
export interface OpenBrowser {
  context: BrowserContext
  /** Where it is spoken to by its own protocol. */
  port: number
  /** Somebody else's browser. */
  newContext(): Promise<BrowserContext>
  close(): Promise<void>
}

export async function openBrowser(baseURL: string): Promise<OpenBrowser> {
  const profile = await Deno.makeTempDir({ prefix: 'dial-smart-profile-' })
  const port = freePort()
  const { args, ...options } = launchOptions(await findChromium())
  const looks = { baseURL, viewport: { width: 1200, height: 800 }, locale: 'en-US', timezoneId: 'America/New_York' }
  const context = await chromium.launchPersistentContext(profile, {
    ...options,
    ...looks,
    args: [...args, `--remote-debugging-port=${port}`],
  })
  const others = await chromium.launch({ ...options, args })
  return {
    context,
    port,
    newContext: () => others.newContext(looks),
    async close() {
      await others.close()
      await context.close()
      await Deno.remove(profile, { recursive: true })
    },
  }
}

function freePort(): number {
  using listener = Deno.listen({ port: 0 })
  return listener.addr.port
}
