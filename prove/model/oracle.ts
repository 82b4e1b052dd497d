import { isAtLeast, type Role } from '../../shared/roles.ts'
import {
  type Caller,
  type Handle,
  type Invitation,
  isPerson,
  malformed,
  type Membership,
  type Organization,
  people,
  type Person,
  refuse,
  seats,
} from './world.ts'

/**
 * Who may do what, as DESIGN.md and shared/roles.ts have it and never as the SQL does. Each method is one request: it
 * answers, or refuses with the code of the first rule that is broken, and changes the world only when it answers.
 */
export class Oracle {
  readonly organizations = new Map<Handle, Organization>()
  readonly members = new Map<Handle, Map<Person, Membership>>()
  readonly invitations = new Map<Handle, Invitation>()
  /** Which organization each device chose, the latest choice last. */
  choices: { person: Person; device: number; organization: Handle }[] = []
  /** Whom somebody else removed: a link does not let them in again. */
  readonly keptOut = new Set<string>()
  /** How many entries the audit log of each organization has: one for each change, none where nothing changed. */
  readonly entries = new Map<Handle, number>()

  record(organization: Handle): void {
    this.entries.set(organization, (this.entries.get(organization) ?? 0) + 1)
  }

  // Belonging ---------------------------------------------------------------------------------------------------------

  isLive = (organization: Handle): boolean => this.organizations.get(organization)?.deleted === 'no'
  isReadOnly = (organization: Handle): boolean =>
    ['suspended', 'cancelled'].includes(this.#organization(organization).status)

  /** Live membership decides: the role of somebody who is not suspended, in an organization that is not deleted. */
  roleOf(person: Person, organization: Handle): Role | undefined {
    const membership = this.members.get(organization)?.get(person)
    return membership && !membership.suspended && this.isLive(organization) ? membership.role : undefined
  }

  /** The live organizations of a person. */
  organizationsOf = (person: Person): Handle[] =>
    [...this.organizations.keys()].filter((organization) => this.roleOf(person, organization))

  /** A deleted organization is gone for everyone but its owners, who can restore it for 30 days. */
  isVisibleTo(person: Person, organization: Handle): boolean {
    if (this.roleOf(person, organization)) return true
    const membership = this.members.get(organization)?.get(person)
    return this.organizations.get(organization)?.deleted === 'restorable' && membership?.role === 'owner' &&
      !membership.suspended
  }

  /** Whom a person shares an organization with, and the person. */
  coMembersOf(person: Person): Person[] {
    const shared = this.organizationsOf(person).flatMap((organization) => [...this.members.get(organization)!.keys()])
    return people.filter((one) => one === person || shared.includes(one))
  }

  /** Asked before anything else: a header that names no uuid means nothing. */
  requireHeader(header?: Handle): void {
    if (header === malformed) refuse('invalid_header')
  }

  /** A request acts in one organization: the header's, else the device's choice, the last choice, the only membership. */
  currentOrganization({ person, device, header }: Caller): Handle | undefined {
    this.requireHeader(header)
    if (header) return this.roleOf(person, header) && header
    const live = this.choices.filter((one) => one.person === person && this.roleOf(person, one.organization))
    const chosen = live.find((one) => one.device === device) ?? live.at(-1)
    if (chosen) return chosen.organization
    const own = this.organizationsOf(person)
    return own.length === 1 ? own[0] : undefined
  }

  /** Where a request writes. Somebody else's organization is not there, and a suspended one is read, not written. */
  organizationToWrite(caller: Caller): Handle {
    const organization = this.currentOrganization(caller)
    if (!organization) return refuse(caller.header ? 'not_found' : 'organization_required')
    if (this.isReadOnly(organization)) refuse('organization_suspended')
    return organization
  }

  #organization = (organization: Handle): Organization => this.organizations.get(organization) ?? refuse('not_found')

  #requireRole(person: Person, organization: Handle, least: Role, { writes }: { writes: boolean }): Role {
    const role = this.roleOf(person, organization) ?? refuse('not_found')
    if (!isAtLeast(role, least)) refuse('forbidden')
    if (writes && this.isReadOnly(organization)) refuse('organization_suspended')
    return role
  }

  // Organizations -----------------------------------------------------------------------------------------------------

  createOrganization({ person, device }: Caller, organization: Handle, name: string, slug?: string) {
    this.#requireFreeSlug(slug)
    this.organizations.set(organization, { name, slug, status: 'trial', deleted: 'no' })
    this.members.set(organization, new Map([[person, { role: 'owner', suspended: false }]]))
    this.record(organization)
    this.#choose(person, device, organization)
    return this.describe(organization, 'owner')
  }

  updateOrganization({ person }: Caller, organization: Handle, changes: { name?: string; slug?: string }) {
    const role = this.#requireRole(person, organization, 'admin', { writes: true })
    this.#requireFreeSlug(changes.slug, organization)
    const before = this.#organization(organization)
    // A slug that was made from the name is not known here, and never one of those that are asked for.
    if (Object.entries({ ...before, ...changes }).some(([key, value]) => Object(before)[key] !== value)) {
      this.record(organization)
    }
    Object.assign(before, changes)
    return this.describe(organization, role)
  }

  /** Also while it is suspended: an owner can always go. */
  deleteOrganization({ person }: Caller, organization: Handle) {
    const role = this.#requireRole(person, organization, 'owner', { writes: false })
    this.#organization(organization).deleted = 'restorable'
    this.record(organization)
    return this.describe(organization, role)
  }

  restoreOrganization({ person }: Caller, organization: Handle) {
    if (this.isLive(organization)) {
      this.#requireRole(person, organization, 'owner', { writes: false })
      refuse('conflict')
    }
    if (!this.isVisibleTo(person, organization)) refuse('not_found')
    this.#organization(organization).deleted = 'no'
    this.record(organization)
    return this.describe(organization, 'owner')
  }

  getOrganization({ person }: Caller, organization: Handle) {
    if (!this.isVisibleTo(person, organization)) refuse('not_found')
    return this.describe(organization, this.members.get(organization)!.get(person)!.role)
  }

  listOrganizations({ person }: Caller, withDeleted: boolean) {
    return [...this.organizations.keys()]
      .filter((organization) => this.isVisibleTo(person, organization) && (withDeleted || this.isLive(organization)))
      .map((organization) => this.describe(organization, this.members.get(organization)!.get(person)!.role))
  }

  listMembers({ person }: Caller, organization: Handle) {
    this.#requireRole(person, organization, 'member', { writes: false })
    return [...this.members.get(organization)!].map(([person, membership]) => ({ person, ...membership }))
  }

  #requireFreeSlug(slug: string | undefined, own?: Handle): void {
    const others = [...this.organizations].filter(([organization]) => organization !== own)
    if (slug && others.some(([, other]) => other.slug === slug)) refuse('slug_taken')
  }

  describe(organization: Handle, role: Role) {
    const { name, deleted, status } = this.#organization(organization)
    return { organization, name, role, status, deleted: deleted !== 'no' }
  }

  // The active organization -------------------------------------------------------------------------------------------

  setActive({ person, device }: Caller, organization: Handle) {
    const role = this.#requireRole(person, organization, 'member', { writes: false })
    this.#choose(person, device, organization)
    return { organization, role }
  }

  clearActive(caller: Caller) {
    this.choices = this.choices.filter(({ person, device }) => person !== caller.person || device !== caller.device)
    return this.getActive(caller)
  }

  getActive(caller: Caller) {
    const organization = this.currentOrganization(caller)
    if (!organization && caller.header) refuse('not_found')
    return { organization, role: organization && this.roleOf(caller.person, organization) }
  }

  #choose(person: Person, device: number, organization: Handle): void {
    this.choices = this.choices.filter((one) => one.person !== person || one.device !== device)
    this.choices.push({ person, device, organization })
  }

  // Members -----------------------------------------------------------------------------------------------------------

  changeRole(caller: Caller, organization: Handle, person: Person, role: Role) {
    const { own, member } = this.#requireMember(caller.person, organization, person)
    if (!isAtLeast(own, role)) refuse('forbidden')
    const ended = {
      invitations: isAtLeast(role, 'admin') ? 0 : this.#ends(organization, person).invitations,
      sessions: 0,
    }
    if (member.role !== role) this.changeMember(organization, person, { role })
    return { member: this.#describeMember(organization, person), ended }
  }

  /** Whoever wants to go may, also from a suspended organization. */
  remove(caller: Caller, organization: Handle, person: Person) {
    if (caller.person === person) this.#requireRole(person, organization, 'member', { writes: false })
    else this.#requireMember(caller.person, organization, person)
    const answer = { member: this.#describeMember(organization, person), ended: this.#ends(organization, person) }
    this.removeMember(organization, person, { itself: caller.person === person })
    return answer
  }

  suspend(caller: Caller, organization: Handle, person: Person) {
    const { member } = this.#requireMember(caller.person, organization, person)
    if (caller.person === person) refuse('conflict')
    const ended = this.#ends(organization, person)
    if (!member.suspended) this.changeMember(organization, person, { suspended: true })
    return { member: this.#describeMember(organization, person), ended }
  }

  reactivate(caller: Caller, organization: Handle, person: Person) {
    const { member } = this.#requireMember(caller.person, organization, person)
    if (member.suspended) this.changeMember(organization, person, { suspended: false })
    return this.#describeMember(organization, person)
  }

  /** To an active member; the owner becomes an admin. It is one change. */
  transfer(caller: Caller, organization: Handle, person: Person) {
    this.#requireRole(caller.person, organization, 'owner', { writes: true })
    const members = this.members.get(organization)!
    const heir = members.get(person) ?? refuse('not_found')
    if (person === caller.person || heir.suspended) refuse('validation_failed')
    heir.role = 'owner'
    members.get(caller.person)!.role = 'admin'
    this.record(organization)
    return this.describe(organization, 'admin')
  }

  /** Nobody touches a role above their own. */
  #requireMember(person: Person, organization: Handle, other: Person): { own: Role; member: Membership } {
    const own = this.#requireRole(person, organization, 'admin', { writes: true })
    const member = this.members.get(organization)!.get(other) ?? refuse('not_found')
    if (!isAtLeast(own, member.role)) refuse('forbidden')
    return { own, member }
  }

  #describeMember = (organization: Handle, person: Person) => ({
    person,
    ...this.members.get(organization)!.get(person)!,
  })

  /** What somebody's membership holds up: pending invitations, and the choice of sessions. */
  #ends = (organization: Handle, person: Person) => ({
    invitations: [...this.invitations.values()]
      .filter((one) => one.organization === organization && one.host === person && one.status === 'pending').length,
    sessions: this.choices.filter((one) => one.person === person && one.organization === organization).length,
  })

  // Memberships, changed by the database owner ------------------------------------------------------------------------

  addMember(organization: Handle, person: Person, role: Role) {
    const members = this.members.get(organization) ?? refuse('conflict')
    if (members.has(person)) refuse('conflict')
    this.#requireSeat(organization, person)
    this.#admit(organization, person, role)
    return 1
  }

  #admit(organization: Handle, person: Person, role: Role): void {
    this.members.get(organization)!.set(person, { role, suspended: false })
    this.keptOut.delete(`${person} of ${organization}`)
    this.record(organization)
    this.#endInvitationTo(organization, person)
  }

  /** Whoever came another way needs the one to their address no more. */
  #endInvitationTo(organization: Handle, person: Person): void {
    for (const one of this.invitations.values()) {
      if (one.organization !== organization || one.email !== person) continue
      if (one.status !== 'pending' && one.status !== 'expired') continue
      one.status = 'revoked'
      this.record(organization)
    }
  }

  changeMember(organization: Handle, person: Person, changes: Partial<Membership>) {
    const membership = this.members.get(organization)?.get(person)
    if (!membership) return 0
    const { role, suspended } = { ...membership, ...changes }
    this.#keepAnOwner(organization, person, { role, suspended })
    if (membership.suspended && !suspended) this.#requireSeat(organization, person)
    // Suspended once more is suspended since now.
    if (role !== membership.role || suspended !== membership.suspended || changes.suspended) this.record(organization)
    Object.assign(membership, changes)
    if (!isAtLeast(role, 'admin') || suspended) this.#endInvitations(organization, person)
    if (suspended) this.#endChoices(organization, person)
    return 1
  }

  /** The choice of an organization ends with the membership. */
  removeMember(organization: Handle, person: Person, { itself = false } = {}) {
    const members = this.members.get(organization)
    if (!members?.has(person)) return 0
    this.#keepAnOwner(organization, person)
    members.delete(person)
    if (!itself) this.keptOut.add(`${person} of ${organization}`)
    this.record(organization)
    this.#endInvitations(organization, person)
    this.#endChoices(organization, person)
    return 1
  }

  /** What the database owner sets on an organization, or time does. */
  setOn(organization: Handle, changes: Partial<Organization>): number {
    const one = this.organizations.get(organization)
    if (!one) return 0
    if (Object.entries(changes).some(([key, value]) => Object(one)[key] !== value)) this.record(organization)
    Object.assign(one, changes)
    return 1
  }

  /** What an operator makes of an organization's status: anything but a trial of what was paid for. */
  setStatus(organization: Handle, status: Organization['status']): number {
    const before = this.organizations.get(organization)?.status
    if (status === 'trial' && (before === 'active' || before === 'past_due')) refuse('conflict')
    return this.setOn(organization, { status })
  }

  expire(invitation: Invitation): number {
    invitation.status = 'expired'
    this.record(invitation.organization)
    return 1
  }

  /** An invitation is as good as the person who stands for it. */
  #endInvitations(organization: Handle, person: Person): void {
    for (const one of this.invitations.values()) {
      const isOpen = one.status === 'pending' || one.status === 'expired'
      if (one.organization === organization && one.host === person && isOpen) one.status = 'revoked'
    }
  }

  #endChoices(organization: Handle, person: Person): void {
    this.choices = this.choices.filter((one) => one.person !== person || one.organization !== organization)
  }

  /** An active member takes a seat, and so does each pending invitation to an address, but for the person it is for. */
  #requireSeat(organization: Handle, person?: Person): void {
    const members = [...this.members.get(organization)!.values()].filter(({ suspended }) => !suspended)
    const invited = [...this.invitations.values()].filter((one) =>
      one.organization === organization && one.status === 'pending' && one.email !== 'anybody'
    )
    const isInvited = invited.some(({ email }) => email === person)
    if (members.length + (isInvited ? 0 : invited.length) >= seats) refuse('quota_exceeded')
  }

  /** An organization that has an active owner never loses its last one. */
  #keepAnOwner(organization: Handle, person: Person, after?: Membership): void {
    const isOwner = (one?: Membership) => one?.role === 'owner' && !one.suspended
    const members = [...this.members.get(organization)!]
    const others = members.filter(([one, membership]) => one !== person && isOwner(membership))
    if (isOwner(this.members.get(organization)!.get(person)) && !isOwner(after) && !others.length) refuse('last_owner')
  }

  // Invitations -------------------------------------------------------------------------------------------------------

  invite({ person }: Caller, invitation: Handle, organization: Handle, email: Invitation['email'], role: Role) {
    this.#requireRole(person, organization, 'admin', { writes: true })
    if (role === 'owner') refuse('forbidden')
    if (isPerson(email) && this.members.get(organization)!.has(email)) refuse('already_member')
    const former = [...this.invitations.values()].filter((one) =>
      one.organization === organization && one.email === email
    )
    if (former.some(({ status }) => status === 'pending')) refuse('invitation_pending')
    this.#requireSeat(organization)
    for (const one of former) if (one.status === 'expired') one.status = 'revoked'
    this.#addInvitation(invitation, { organization, email, role, host: person, maxUses: 1 })
    return this.describeInvitation(invitation)
  }

  /** For whoever has it, as member. */
  makeLink({ person }: Caller, invitation: Handle, organization: Handle, maxUses: number) {
    this.#requireRole(person, organization, 'admin', { writes: true })
    this.#addInvitation(invitation, { organization, email: 'anybody', role: 'member', host: person, maxUses })
    return this.describeInvitation(invitation)
  }

  #addInvitation(invitation: Handle, made: Omit<Invitation, 'status' | 'tokens' | 'uses'>): void {
    this.invitations.set(invitation, { ...made, status: 'pending', tokens: 1, uses: 0 })
    this.record(made.organization)
  }

  /** Whoever resends stands for it from now on; the token before dies. */
  resend({ person }: Caller, organization: Handle, invitation: Handle) {
    const open = this.#openInvitation(person, organization, invitation)
    if (open.email === 'anybody') refuse('conflict')
    if (open.status === 'expired') this.#requireSeat(organization)
    Object.assign(open, { host: person, status: 'pending', tokens: open.tokens + 1 })
    this.record(organization)
    return this.describeInvitation(invitation)
  }

  revoke({ person }: Caller, organization: Handle, invitation: Handle) {
    this.#openInvitation(person, organization, invitation).status = 'revoked'
    this.record(organization)
    return this.describeInvitation(invitation)
  }

  #openInvitation(person: Person, organization: Handle, invitation: Handle): Invitation {
    this.#requireRole(person, organization, 'admin', { writes: true })
    const open = this.invitations.get(invitation)
    if (open?.organization !== organization) return refuse('not_found')
    if (open.status !== 'pending' && open.status !== 'expired') refuse('conflict')
    return open
  }

  accept({ person }: Caller, invitation: Handle, token: number) {
    const own = this.#ownInvitation(person, invitation, token)
    const members = this.members.get(own.organization)!
    if (members.has(person)) refuse('already_member')
    if (this.isReadOnly(own.organization)) refuse('organization_suspended')
    if (own.email === 'anybody' && this.keptOut.has(`${person} of ${own.organization}`)) refuse('conflict')
    this.#requireSeat(own.organization, person)
    if (++own.uses === own.maxUses) own.status = 'accepted'
    this.#admit(own.organization, person, own.role)
    return { organization: this.describe(own.organization, own.role), role: own.role }
  }

  decline({ person }: Caller, invitation: Handle, token: number) {
    const own = this.#ownInvitation(person, invitation, token)
    if (own.email === 'anybody') refuse('conflict')
    own.status = 'declined'
    this.record(own.organization)
    return { name: this.#organization(own.organization).name, role: own.role }
  }

  preview(invitation: Handle, token: number) {
    const { organization, role } = this.#invitationByToken(invitation, token)
    if (this.isReadOnly(organization)) refuse('not_found')
    return { name: this.#organization(organization).name, role }
  }

  /** A token opens nothing of an organization that is deleted. */
  #invitationByToken(invitation: Handle, token: number): Invitation {
    const found = this.invitations.get(invitation)
    const isOpen = found?.tokens === token && found.status === 'pending' && this.isLive(found.organization)
    return isOpen ? found : refuse('not_found')
  }

  #canBeAnswered = ({ organization, status }: Invitation): boolean =>
    status === 'pending' && this.isLive(organization) && !this.isReadOnly(organization)

  /** An invitation is bound to the verified address of the account that answers it. */
  #ownInvitation(person: Person, invitation: Handle, token: number): Invitation {
    const found = this.#invitationByToken(invitation, token)
    if (found.email !== person && found.email !== 'anybody') refuse('email_mismatch')
    if (person === 'una') refuse('email_not_verified')
    return found
  }

  myInvitations({ person }: Caller): Handle[] {
    return [...this.invitations]
      .filter(([, one]) => one.email === person && person !== 'una' && this.#canBeAnswered(one))
      .map(([handle]) => handle)
  }

  listInvitations({ person }: Caller, organization: Handle) {
    this.#requireRole(person, organization, 'admin', { writes: false })
    return [...this.invitations].filter(([, one]) => one.organization === organization)
      .map(([handle]) => this.describeInvitation(handle))
  }

  describeInvitation(invitation: Handle) {
    const { organization, email, role, host, status, uses } = this.invitations.get(invitation)!
    return { invitation, organization, email, role, host, status, uses }
  }

  // The helper functions: about oneself and about people in organizations one shares ----------------------------------

  getRole({ person }: Caller, subject: Person, organization: Handle): Role | undefined {
    return this.roleOf(person, organization) && this.roleOf(subject, organization)
  }

  getOrganizations({ person }: Caller, subject: Person): Handle[] {
    return this.organizationsOf(subject).filter((organization) => this.roleOf(person, organization))
  }
}
