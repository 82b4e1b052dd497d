import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import type { Status } from '../../local/state.ts'
import { builtDashboard } from '../../local/web/build.ts'
import { type Chromium, findChromium } from '../browser/support/chromium.ts'
import { startDns } from './dns.ts'
import { haveSnapshot } from './snapshot.ts'
import { startStack } from './start.ts'
import { prices, startStripe, stripeEnvironment } from './stripe.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** URLs and keys of the stack that all tests of the run share: `inject('stack')`. */
    stack: Status
    /** What serves `/rest/v1` of that stack; vitest.config.ts says it for each project. */
    dataApi: 'postgrest' | 'lite'
    /** The DNS that functions of that stack ask: tests/functions/support/dns.ts. */
    dns: string
    /** The stand-in for Stripe that functions of that stack ask: tests/functions/support/stripe.ts. */
    stripe: string
    /** The browser that tests start: the one that CHROMIUM_PATH names, else the one from npm. */
    chromium: Chromium
  }
}

/** One stack for all tests that need one; vitest calls it before the first and after the last of them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { dataApi } = project.getProvidedContext()
  if (dataApi === 'postgrest') {
    // Each is made once, for workers and for stacks, and none waits for another.
    const [chromium] = await Promise.all([findChromium(), haveSnapshot(), buildDashboard()])
    project.provide('chromium', chromium)
  }
  const dns = startDns()
  const stripe = startStripe()
  const stack = await startStack({
    ...(dataApi === 'lite' && { without: ['web'] }),
    env: {
      DNS_OVER_HTTPS_URL: `${dns.url}/dns-query`,
      ...stripeEnvironment(stripe.url),
      ...(dataApi === 'lite' && { DIAL_SMART_DATA_API: 'lite' }),
    },
  })
  project.provide('stack', stack.status)
  project.provide('dns', dns.url)
  project.provide('stripe', stripe.url)
  await putOnSale(stack.status.DB_URL)
  return async () => {
    await stack.stop()
    await dns.stop()
    await stripe.stop()
  }
}

async function buildDashboard(): Promise<void> {
  const logs = await Deno.makeTempDir({ prefix: 'dial-smart-' })
  await builtDashboard(logs)
  await Deno.remove(logs, { recursive: true })
}

async function putOnSale(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1 })
  for (const [tier, price] of Object.entries(prices)) {
    await sql`update subscription_plans set stripe_price_id = ${price} where tier = ${tier}`
  }
  await sql.end()
}
