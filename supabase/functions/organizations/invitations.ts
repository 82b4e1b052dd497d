import type { Context } from 'hono'
import {
  InvitationAnswer,
  InvitationLinkAnswer,
  InvitationsAnswer,
  type InvitationSentAnswer,
  IssuedInvitation,
  IssuedLink,
} from '../../../shared/contract/invitations.ts'
import {
  createInvitation,
  createInvitationLink,
  listInvitations,
  resendInvitation,
  revokeInvitation,
} from '../../../shared/contract/routes/invitations.ts'
import { createRoutes } from '../_kit/app.ts'
import { withCaller } from '../_kit/door.ts'
import type { CallerEnv } from '../_kit/env.ts'
import { toCause } from '../_kit/log.ts'
import type { Mailer } from '../_kit/mail.ts'
import { must } from '../_kit/must.ts'
import { createInvitationMail } from '../_kit/mails/invitation.ts'

/** Builds the routes of invitations by an organization. */
export const createInvitations = (mailer: Mailer) =>
  createRoutes()
    .openapi(withCaller(createInvitation), async (c) => {
      const { organization_id } = c.req.valid('param')
      const created = await c.var.db.rpc('create_invitation', {
        organization_id,
        ...c.req.valid('json'),
      })
      return c.json(
        await sendInvitation(c, must(created, IssuedInvitation), mailer),
        201,
      )
    })
    .openapi(withCaller(createInvitationLink), async (c) => {
      const { organization_id } = c.req.valid('param')
      const created = await c.var.db.rpc('create_invitation_link', { organization_id, ...c.req.valid('json') })
      const { invitation, token } = must(created, IssuedLink)
      return c.json(InvitationLinkAnswer.parse({ invitation, token, accept_url: toAcceptUrl(c, token) }), 201)
    })
    .openapi(withCaller(listInvitations), async (c) => {
      const { organization_id } = c.req.valid('param')
      const { limit, cursor, status } = c.req.valid('query')
      const listed = await c.var.db.rpc('list_invitations', {
        organization_id,
        page_limit: limit,
        page_cursor: cursor,
        invitation_status: status,
      })
      return c.json(must(listed, InvitationsAnswer), 200)
    })
    .openapi(withCaller(revokeInvitation), async (c) => {
      const revoked = await c.var.db.rpc(
        'revoke_invitation',
        c.req.valid('param'),
      )
      return c.json(must(revoked, InvitationAnswer), 200)
    })
    .openapi(withCaller(resendInvitation), async (c) => {
      const resent = await c.var.db.rpc(
        'resend_invitation',
        c.req.valid('param'),
      )
      return c.json(await sendInvitation(c, must(resent, IssuedInvitation), mailer), 201)
    })

// Behind the #, so that no server and no proxy logs it.
const toAcceptUrl = (c: Context<CallerEnv>, token: string): string =>
  `${c.var.deps.siteUrl}/invitations/accept#token=${encodeURIComponent(token)}`

/** Mails the link. A mail server that fails takes nothing back: the admin has the link in the answer. */
async function sendInvitation(
  c: Context<CallerEnv>,
  issued: IssuedInvitation,
  mailer: Mailer,
): Promise<InvitationSentAnswer> {
  const { logged } = c.var
  const { invitation, token } = issued
  const accept_url = toAcceptUrl(c, token)
  // The request that this one repeats mailed it, or failed to: a second mail would only tell that somebody retried.
  if (c.var.db.isReplay()) return { invitation, token, accept_url, mail: 'unknown' }
  try {
    await mailer(createInvitationMail(issued, accept_url))
    logged.mail = 'sent'
  } catch (error) {
    logged.mail = 'failed'
    logged.cause = toCause(error)
  }
  return { invitation, token, accept_url, mail: logged.mail }
}
