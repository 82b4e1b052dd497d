import { z } from 'zod'

/** Where Stripe sends somebody back to: an address of the app, as a browser would open it. */
export const ReturnUrl = z.string().trim().max(2000)
  .regex(/^https?:\/\/[^\s\\]+$/, { error: 'Not a URL such as https://app.example.com/billing.', abort: true })
  .refine((text) => URL.canParse(text), 'Not a URL such as https://app.example.com/billing.')
  .meta({ format: 'uri', maxLength: 2000, description: 'On an origin that the functions allow.' })
export type ReturnUrl = z.infer<typeof ReturnUrl>

/** What a checkout takes. Without URLs Stripe sends people back to `/billing` of the app. */
export const StartCheckout = z.strictObject({
  tier: z.string().min(1).max(40),
  success_url: ReturnUrl.optional(),
  cancel_url: ReturnUrl.optional(),
}).meta({ id: 'StartCheckout' })
export type StartCheckout = z.infer<typeof StartCheckout>

/** What a visit to the customer portal takes. */
export const OpenPortal = z.strictObject({ return_url: ReturnUrl.optional() }).meta({ id: 'OpenPortal' })
export type OpenPortal = z.infer<typeof OpenPortal>

/** A page of Stripe's to send the browser to. */
export const BillingPageAnswer = z.object({
  url: z.string().meta({ description: 'For whoever asked, and for a while only: Stripe says how long.' }),
}).meta({ id: 'BillingPageAnswer' })
export type BillingPageAnswer = z.infer<typeof BillingPageAnswer>
