import type { IssuedInvitation } from '../../../../shared/contract/invitations.ts'
import type { Mail } from '../mail.ts'
import { productOf } from './branding.ts'
import { createMail, nameOf, sentence } from './letter.ts'

/** Writes the mail of an invitation. */
export function createInvitationMail(
  { invitation, organization, inviter }: IssuedInvitation,
  acceptUrl: string,
): Mail {
  return createMail({
    to: invitation.email,
    organization,
    subject: sentence`Invitation to ${organization.name}`,
    paragraphs: [
      sentence`${nameOf(inviter, 'A colleague')} invites you to join ${organization.name} on ${
        productOf(organization)
      } as ${invitation.role}.`,
    ],
    link: { label: 'See and accept the invitation', url: acceptUrl },
    end: `The invitation ends on ${invitation.expires_at.slice(0, 10)}. If you did not expect it, ignore this mail.`,
  })
}
