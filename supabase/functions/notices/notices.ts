import { Uuid } from '../../../shared/contract/values.ts'
import { createRoutes } from '../_kit/app.ts'
import { createDataApiPastRowSecurity } from '../_kit/data-api-past-row-security.ts'
import { createNoticeMail } from '../_kit/mails/index.ts'
import { Notice } from '../_kit/mails/notice.ts'
import type { Mailer } from '../_kit/mail.ts'
import { must } from '../_kit/must.ts'
import { Problem } from '../_kit/problem.ts'
import { requireValid } from '../_kit/validation.ts'
import { requireWebhookSecret } from '../_kit/webhook-secret.ts'

/** What the notices need besides what every function needs. */
export interface NoticesOptions {
  mailer: Mailer
  secret: string
  secretKeyPastRowSecurity: string
}

/**
 * Builds the route that sends the mail of one event. The database says what it is about and to whom it goes now; a mail
 * that could not be sent is answered with 503, and the outbox sends the event again.
 */
export const createNotices = ({ mailer, secret, secretKeyPastRowSecurity }: NoticesOptions) =>
  createRoutes().post('/notices', requireWebhookSecret(secret), async (c) => {
    const { deps, logged, requestId } = c.var
    const event_id = requireValid(Uuid, c.req.header('x-event-id'))
    const db = createDataApiPastRowSecurity(deps, secretKeyPastRowSecurity, requestId)
    const notice = must(await db.rpc('read_notice', { event_id }), Notice.nullable())
    if (!notice) return c.json({ mail: 'none' })
    try {
      await mailer({ ...createNoticeMail(notice, deps.siteUrl), id: event_id })
    } catch (cause) {
      logged.mail = 'failed'
      throw new Problem('unavailable', { cause })
    }
    logged.mail = 'sent'
    return c.json({ mail: 'sent' })
  })
