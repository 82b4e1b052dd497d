import { z } from 'zod'
import { LogoUrl, MailSenderName } from '../../../../shared/contract/branding.ts'
import { textOn } from '../../../../shared/contract/contrast.ts'
import type { OrganizationCard } from '../../../../shared/contract/invitations.ts'
import { Email, Name } from '../../../../shared/contract/values.ts'

// Checked where it is written, and here again: what is not well formed is left out, and nothing of it is ever code.

const Branding = z.object({
  product_name: Name.optional().catch(undefined),
  logo_url: LogoUrl.optional().catch(undefined),
  color_light: z.string().regex(/^#[0-9a-f]{6}$/i).catch('#1f2937'),
  support_email: Email.optional().catch(undefined),
  mail_sender_name: MailSenderName.optional().catch(undefined),
})

/** How an organization looks in mails. They are read on white, so the color is that of the light theme. */
export function readBranding({ name, branding }: OrganizationCard) {
  const { product_name, logo_url, color_light, support_email, mail_sender_name } = Branding.parse(branding)
  return {
    name: product_name ?? name,
    product: product_name ?? 'Dial Smart',
    logoUrl: logo_url,
    color: color_light,
    textColor: textOn(color_light),
    supportEmail: support_email,
    senderName: mail_sender_name,
  }
}

/** What the product is called where a mail of an organization speaks of it. */
export const productOf = (organization: OrganizationCard): string => readBranding(organization).product
