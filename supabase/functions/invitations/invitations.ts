import {
  InvitationAcceptedAnswer,
  InvitationDeclinedAnswer,
  InvitationPreviewAnswer,
  ReceivedInvitationsAnswer,
} from '../../../shared/contract/invitations.ts'
import {
  acceptInvitation,
  acceptReceivedInvitation,
  declineInvitation,
  declineReceivedInvitation,
  listReceivedInvitations,
  previewInvitation,
} from '../../../shared/contract/routes/invitations.ts'
import { createRoutes } from '../_kit/app.ts'
import { withCaller, withPublishableKey } from '../_kit/door.ts'
import { must } from '../_kit/must.ts'

export const invitations = createRoutes()
  .openapi(withPublishableKey(previewInvitation), async (c) => {
    const preview = await c.var.db.rpc(
      'preview_invitation',
      c.req.valid('json'),
    )
    return c.json(must(preview, InvitationPreviewAnswer), 200)
  })
  .openapi(withCaller(acceptInvitation), async (c) => {
    const accepted = await c.var.db.rpc(
      'accept_invitation',
      c.req.valid('json'),
    )
    return c.json(must(accepted, InvitationAcceptedAnswer), 200)
  })
  .openapi(withCaller(declineInvitation), async (c) => {
    const declined = await c.var.db.rpc(
      'decline_invitation',
      c.req.valid('json'),
    )
    return c.json(must(declined, InvitationDeclinedAnswer), 200)
  })
  .openapi(withCaller(listReceivedInvitations), async (c) => {
    const listed = await c.var.db.rpc('my_invitations')
    return c.json(must(listed, ReceivedInvitationsAnswer), 200)
  })
  .openapi(withCaller(acceptReceivedInvitation), async (c) => {
    const accepted = await c.var.db.rpc('accept_received_invitation', c.req.valid('param'))
    return c.json(must(accepted, InvitationAcceptedAnswer), 200)
  })
  .openapi(withCaller(declineReceivedInvitation), async (c) => {
    const declined = await c.var.db.rpc('decline_received_invitation', c.req.valid('param'))
    return c.json(must(declined, InvitationDeclinedAnswer), 200)
  })
