import type { IssuedInvitation } from '../../../shared/contract/invitations.ts'
import { type Mail, toHtml, toUnlinkedText } from '../_kit/mail.ts'

/** Writes the mail of an invitation. Names are what somebody typed: they are shown as text and link nowhere. */
export function createInvitationMail(
  { invitation, organization, inviter }: IssuedInvitation,
  acceptUrl: string,
): Mail {
  const organizationName = toUnlinkedText(organization.name)
  const inviterName = toUnlinkedText(
    inviter.full_name || inviter.email || 'A colleague',
  )
  const sentence = `${inviterName} invites you to join ${organizationName} on Dial Smart as ${invitation.role}.`
  const end = `The invitation ends on ${
    invitation.expires_at.slice(0, 10)
  }. If you did not expect it, ignore this mail.`
  return {
    to: invitation.email,
    subject: `Invitation to ${organizationName}`,
    text: `${sentence}\n\nSee and accept it here:\n${acceptUrl}\n\n${end}\n`,
    html: `<!doctype html>
<html lang="en">
<body style="font-family: sans-serif; line-height: 1.5">
<p>${toHtml(sentence)}</p>
<p><a href="${toHtml(acceptUrl)}">See and accept the invitation</a></p>
<p>${toHtml(end)}</p>
</body>
</html>
`,
  }
}
