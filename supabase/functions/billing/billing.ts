import { PlansAnswer } from '../../../shared/contract/plans.ts'
import { listPlans, openPortal, startCheckout } from '../../../shared/contract/routes/billing.ts'
import { createRoutes } from '../_kit/app.ts'
import { withCaller, withPublishableKey } from '../_kit/door.ts'
import { must } from '../_kit/must.ts'
import { askStripe, type OpenStripe } from '../_kit/stripe.ts'
import { CheckoutStart, createDesk, PortalStart } from './desk.ts'
import { requireAllowedOrigins } from './return-urls.ts'

/** Builds the routes of plans and payment; without Stripe nothing can be bought, and the plans can be read. */
export const createBilling = (openStripe: OpenStripe | undefined) =>
  createRoutes()
    .openapi(withPublishableKey(listPlans), async (c) => {
      return c.json(must(await c.var.db.rpc('list_plans'), PlansAnswer), 200)
    })
    .openapi(withCaller(startCheckout), async (c) => {
      const desk = await createDesk(openStripe, c.var)
      const { organization_id } = c.req.valid('param')
      const { tier, ...urls } = c.req.valid('json')
      requireAllowedOrigins(c.var.deps, urls)
      const proof = desk.prove('billing-checkout', organization_id, tier)
      const started = await c.var.db.rpc('start_checkout', { organization_id, tier, proof })
      const { price_id, customer_id } = must(started, CheckoutStart)
      const customer = customer_id ?? await desk.makeCustomer(organization_id)
      await desk.requireNothingBought(customer)
      const { url } = await askStripe(() =>
        desk.stripe.checkout.sessions.create({
          mode: 'subscription',
          customer,
          line_items: [{ price: price_id, quantity: 1 }],
          success_url: urls.success_url ?? `${c.var.deps.siteUrl}/billing?checkout=success`,
          cancel_url: urls.cancel_url ?? `${c.var.deps.siteUrl}/billing?checkout=cancelled`,
        })
      )
      return c.json({ url: desk.requireUrl(url) }, 201)
    })
    .openapi(withCaller(openPortal), async (c) => {
      const desk = await createDesk(openStripe, c.var)
      const { organization_id } = c.req.valid('param')
      const { return_url } = c.req.valid('json')
      requireAllowedOrigins(c.var.deps, { return_url })
      const proof = desk.prove('billing-portal', organization_id)
      const { customer_id } = must(await c.var.db.rpc('start_portal', { organization_id, proof }), PortalStart)
      const { url } = await askStripe(() =>
        desk.stripe.billingPortal.sessions.create({
          customer: customer_id,
          return_url: return_url ?? `${c.var.deps.siteUrl}/billing`,
        })
      )
      return c.json({ url: desk.requireUrl(url) }, 201)
    })
