import { createApp } from '../_kit/app.ts'
import { resolveDeps } from '../_kit/deps.ts'
import { resolveStripe } from '../_kit/stripe.ts'
import { createBilling } from './billing.ts'

const environment = Deno.env.toObject()
const app = createApp('billing', resolveDeps(environment))
app.route('/', createBilling(resolveStripe(environment)))

export default { fetch: app.fetch }
