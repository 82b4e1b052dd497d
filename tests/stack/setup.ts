import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import type { Status } from '../../local/state.ts'
import { startDns } from './dns.ts'
import { prices, startStripe, stripeEnvironment } from './stripe.ts'
import { startStack } from './start.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** URLs and keys of the stack that all tests of the run share: `inject('stack')`. */
    stack: Status
    /** What serves `/rest/v1` of that stack; vitest.config.ts says it for each project. */
    dataApi: DataApi
    /** The DNS that functions of that stack ask: tests/functions/support/dns.ts. */
    dns: string
    /** The stand-in for Stripe that functions of that stack ask: tests/functions/support/stripe.ts. */
    stripe: string
  }
}

type DataApi = 'postgrest' | 'lite'

interface Shared {
  stack: Status
  dns: string
  stripe: string
  stop(): Promise<void>
}

interface Use {
  shared: Promise<Shared>
  projects: number
}

/** By what serves their `/rest/v1`. Projects load this module each for itself, in one process. */
const uses: Map<DataApi, Use> = ((globalThis as { stacksOfTests?: Map<DataApi, Use> }).stacksOfTests ??= new Map())

/** One stack for all tests that need one; vitest calls it for each project, before its first test and after its last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { dataApi } = project.getProvidedContext()
  const use = uses.get(dataApi) ?? { shared: start(dataApi), projects: 0 }
  uses.set(dataApi, use)
  use.projects++
  const { stack, dns, stripe, stop } = await use.shared
  project.provide('stack', stack)
  project.provide('dns', dns)
  project.provide('stripe', stripe)
  return async () => {
    if (--use.projects === 0) await stop()
  }
}

async function start(dataApi: DataApi): Promise<Shared> {
  const dns = startDns()
  const stripe = startStripe()
  const { status, stop } = await startStack({
    env: {
      DNS_OVER_HTTPS_URL: `${dns.url}/dns-query`,
      ...stripeEnvironment(stripe.url),
      ...(dataApi === 'lite' && { DIAL_SMART_DATA_API: 'lite' }),
    },
  })
  await putOnSale(status.DB_URL)
  return {
    stack: status,
    dns: dns.url,
    stripe: stripe.url,
    async stop() {
      await stop()
      await dns.stop()
      await stripe.stop()
    },
  }
}

async function putOnSale(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1 })
  for (const [tier, price] of Object.entries(prices)) {
    await sql`update subscription_plans set stripe_price_id = ${price} where tier = ${tier}`
  }
  await sql.end()
}
