import type {
  CreateInvitation,
  CreateInvitationLink,
  InvitationAcceptedAnswer,
  InvitationAnswer,
  InvitationDeclinedAnswer,
  InvitationLinkAnswer,
  InvitationPage,
  InvitationPreviewAnswer,
  InvitationsAnswer,
  InvitationSentAnswer,
  ReceivedInvitationsAnswer,
} from '../contract/invitations.ts'
import type { PageOptions } from './organizations.ts'
import { type Request, type RetryOptions, segment } from './request.ts'

/** Requests about invitations: first what admins do, then what the invited person does. */
export const createInvitations = (request: Request) => ({
  /**
   * Invites somebody by mail. The link in the answer is shown this once; it works even where `mail` is `failed`.
   *
   * @example
   * const { data, error } = await client.invitations.create(acme.id, { email: 'mia@acme.example', role: 'member' })
   * if (error?.code === 'invitation_pending') …
   */
  create: (organizationId: string, invitation: CreateInvitation, retry: RetryOptions = {}) =>
    request<InvitationSentAnswer>('POST', invitationsOf(organizationId), { ...retry, body: invitation }),

  /**
   * Makes a link by which whoever has it joins as member. It is shown this once.
   *
   * @example
   * const { data } = await client.invitations.createLink(acme.id, { max_uses: 20, allowed_domains: ['acme.example'] })
   */
  createLink: (organizationId: string, link: CreateInvitationLink = {}, retry: RetryOptions = {}) =>
    request<InvitationLinkAnswer>('POST', `organizations/${segment(organizationId)}/invitation-links`, {
      ...retry,
      body: link,
    }),

  /** Lists the pending invitations, or those of another status. */
  list: (organizationId: string, page: PageOptions & Pick<InvitationPage, 'status'> = {}) =>
    request<InvitationsAnswer>('GET', invitationsOf(organizationId), { query: { ...page } }),

  /** Ends an invitation. */
  revoke: (organizationId: string, invitationId: string) =>
    request<InvitationAnswer>('DELETE', `${invitationsOf(organizationId)}/${segment(invitationId)}`),

  /** Sends a new link; the old one stops working. */
  resend: (organizationId: string, invitationId: string, retry: RetryOptions = {}) =>
    request<InvitationSentAnswer>('POST', `${invitationsOf(organizationId)}/${segment(invitationId)}/resend`, retry),

  /** Shows what a token invites to. Works before signing in. */
  preview: (token: string) => request<InvitationPreviewAnswer>('POST', 'invitations/preview', { body: { token } }),

  /**
   * Accepts an invitation; the caller's verified e-mail address must be the invited one.
   *
   * @example
   * const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? ''
   * const { data, error } = await client.invitations.accept(token)
   */
  accept: (token: string, retry: RetryOptions = {}) =>
    request<InvitationAcceptedAnswer>('POST', 'invitations/accept', { ...retry, body: { token } }),

  /** Declines an invitation. */
  decline: (token: string, retry: RetryOptions = {}) =>
    request<InvitationDeclinedAnswer>('POST', 'invitations/decline', { ...retry, body: { token } }),

  /** Lists the pending invitations that the caller has received. */
  received: () => request<ReceivedInvitationsAnswer>('GET', 'invitations'),

  /**
   * Accepts one of the invitations that the caller has received: no token is needed, their verified address says enough.
   *
   * @example
   * const { data } = await client.invitations.received()
   * for (const { id } of data?.invitations ?? []) await client.invitations.acceptReceived(id)
   */
  acceptReceived: (invitationId: string, retry: RetryOptions = {}) =>
    request<InvitationAcceptedAnswer>('POST', `invitations/${segment(invitationId)}/accept`, retry),

  /** Declines one of the invitations that the caller has received. */
  declineReceived: (invitationId: string, retry: RetryOptions = {}) =>
    request<InvitationDeclinedAnswer>('POST', `invitations/${segment(invitationId)}/decline`, retry),
})

const invitationsOf = (organizationId: string) => `organizations/${segment(organizationId)}/invitations`
