import { describe, expect, it } from 'vitest'
import { sql } from '../database/support/database.ts'
import { type Actor, actors } from '../functions/support/cast.ts'
import { can, routeAccess } from '../../shared/roles.ts'
import { expectAnswer, type Expected } from '../functions/support/problems.ts'
import { listRoutes, type Route } from '../functions/support/routes.ts'
import { bodyFor, openScene, pathFor, type Scene } from '../functions/support/scene.ts'
import { worldOf } from '../functions/support/world.ts'
import { ofEachKind } from './support/rows.ts'

// What each route answers to each of the cast, about Acme, eve's invitation to it, its domains and who asks to
// join by them.

const isRouteAccess = (name: string): name is keyof typeof routeAccess => Object.hasOwn(routeAccess, name)

type Answers = Record<Actor, Expected>
const outside = { bob: 'not_found', eve: 'not_found', anon: 'unauthenticated' } as const
const members = (status: number): Answers => ({ alice: status, adam: status, mona: status, mia: status, ...outside })
const admins = (status: number): Answers => ({ ...members(status), mona: 'forbidden', mia: 'forbidden' })
const owners = (status: number): Answers => ({ ...admins(status), adam: 'forbidden' })
const signedIn = (status: number): Answers => ({ ...members(status), bob: status, eve: status })
const invited = (status: number): Answers => ({
  alice: 'email_mismatch',
  adam: 'email_mismatch',
  mona: 'email_mismatch',
  mia: 'email_mismatch',
  bob: 'email_mismatch',
  eve: status,
  anon: 'unauthenticated',
})
/** An id in place of the token says nothing to anybody else: neither that there is such an invitation, nor for whom. */
const received = (status: number): Answers => ({
  alice: 'not_found',
  adam: 'not_found',
  mona: 'not_found',
  mia: 'not_found',
  bob: 'not_found',
  eve: status,
  anon: 'unauthenticated',
})

interface Case {
  answers: Answers
  /** Whether a success changes anything. */
  changes: boolean
  before?: (scene: Scene) => Promise<unknown>
}

const cases: Record<string, Case> = {
  createOrganization: { answers: signedIn(201), changes: true },
  listOrganizations: { answers: signedIn(200), changes: false },
  getOrganization: { answers: members(200), changes: false },
  updateOrganization: { answers: admins(200), changes: true },
  deleteOrganization: { answers: owners(200), changes: true },
  restoreOrganization: {
    // While it is deleted, it is there for its owners alone.
    answers: { ...members(200), adam: 'not_found', mona: 'not_found', mia: 'not_found' },
    changes: true,
    before: ({ acme }) => sql`update organizations set deleted_at = now() where id = ${acme}`,
  },
  getUsage: { answers: members(200), changes: false },
  listUsage: { answers: signedIn(200), changes: false },
  listMembers: { answers: members(200), changes: false },
  changeMember: { answers: admins(200), changes: true },
  // It is mia's own membership: she leaves.
  removeMember: { answers: { ...admins(200), mia: 200 }, changes: true },
  suspendMember: { answers: admins(200), changes: true },
  reactivateMember: {
    answers: { ...admins(200), mia: 'not_found' },
    changes: true,
    before: ({ users }) => sql`update organization_users set suspended_at = now() where user_id = ${users.mia}`,
  },
  transferOwnership: { answers: owners(200), changes: true },
  createInvitation: { answers: admins(201), changes: true },
  createInvitationLink: { answers: admins(201), changes: true },
  listInvitations: { answers: admins(200), changes: false },
  revokeInvitation: { answers: admins(200), changes: true },
  resendInvitation: { answers: admins(201), changes: true },
  previewInvitation: { answers: { ...signedIn(200), anon: 200 }, changes: false },
  acceptInvitation: { answers: invited(200), changes: true },
  declineInvitation: { answers: invited(200), changes: true },
  acceptReceivedInvitation: { answers: received(200), changes: true },
  declineReceivedInvitation: { answers: received(200), changes: true },
  claimDomain: { answers: admins(201), changes: true },
  listDomains: { answers: admins(200), changes: false },
  verifyDomain: { answers: admins(200), changes: true },
  updateDomain: { answers: admins(200), changes: true },
  removeDomain: { answers: admins(200), changes: true },
  listLeadFields: { answers: members(200), changes: false },
  createLeadField: { answers: admins(201), changes: true },
  updateLeadField: { answers: admins(200), changes: true },
  removeLeadField: { answers: admins(200), changes: true },
  getBranding: { answers: admins(200), changes: false },
  updateBranding: { answers: admins(200), changes: true },
  verifyHost: { answers: admins(200), changes: true },
  findBranding: { answers: { ...signedIn(200), anon: 200 }, changes: false },
  listJoinableOrganizations: { answers: signedIn(200), changes: false },
  joinOrganization: {
    answers: {
      alice: 'already_member',
      adam: 'already_member',
      mona: 'already_member',
      mia: 'already_member',
      bob: 'not_found',
      eve: 202,
      anon: 'unauthenticated',
    },
    changes: true,
  },
  listJoinRequests: { answers: admins(200), changes: false },
  approveJoinRequest: { answers: admins(200), changes: true },
  refuseJoinRequest: { answers: admins(200), changes: true },
  listReceivedInvitations: { answers: signedIn(200), changes: false },
  listAudit: { answers: admins(200), changes: false },
  exportAudit: { answers: admins(200), changes: false },
  verifyAudit: { answers: admins(200), changes: false },
  previewPlan: { answers: admins(200), changes: false },
  getActiveOrganization: { answers: signedIn(200), changes: false },
  setActiveOrganization: { answers: members(200), changes: true },
  clearActiveOrganization: {
    answers: signedIn(200),
    changes: true,
    before: ({ call, acme, globex }) =>
      Promise.all([
        ...(['alice', 'adam', 'mona', 'mia'] as const).map((actor) =>
          call(actor, 'PUT', '/active-organization', { json: { organization_id: acme } })
        ),
        call('bob', 'PUT', '/active-organization', { json: { organization_id: globex } }),
      ]),
  },
  listPlans: { answers: { ...signedIn(200), anon: 200 }, changes: false },
  startCheckout: { answers: owners(201), changes: false },
  openPortal: { answers: owners(201), changes: false },
  createRecords: { answers: members(201), changes: true },
  searchLeads: { answers: members(200), changes: false },
}

const routes = (await listRoutes()).filter(({ door }) => door !== 'anyone')

const ask = (scene: Scene, actor: Actor, route: Route) =>
  scene.call(actor, route.method, pathFor(route, scene), {
    json: bodyFor(route, scene),
    headers: route.path.startsWith('/records/') ? { 'x-organization-id': scene.acme } : {},
  })

it('leaves no route out', () => {
  expect(routes.map(({ name }) => name).sort()).toEqual(Object.keys(cases).sort())
})

// What apps are told a role may do, by `can()`, is what the routes are tried with below.
it.each(Object.keys(routeAccess).filter(isRouteAccess))('is known to apps as it is: %s', (name) => {
  const asked = { alice: 'owner', adam: 'admin', mona: 'manager' } as const
  for (const actor of ['alice', 'adam', 'mona'] as const) {
    expect([actor, typeof cases[name]?.answers[actor] === 'number']).toEqual([actor, can(asked[actor], name)])
  }
  // Leaving, and a membership that is suspended, are mia's own cases.
  if (name === 'removeMember' || name === 'reactivateMember') return
  expect(typeof cases[name]?.answers.mia === 'number').toBe(can('member', name))
})

const kindOf = ({ name }: Route) => cases[name] && { ...cases[name], before: cases[name].before?.name }

describe.each(ofEachKind(routes, kindOf))('$name', (route) => {
  const { answers, changes, before } = cases[route.name] ?? { answers: members(500), changes: false }
  const open = async () => {
    const scene = await openScene()
    await before?.(scene)
    return scene
  }
  // What leaves everything as it was leaves it for the next one too.
  let untouched: Promise<Scene> | undefined

  it.each(actors.map((actor) => [actor, answers[actor]] as const))('answers %s with %s', async (actor, expected) => {
    // eve has chosen nothing, so there is nothing that she could clear.
    const isIdle = route.name === 'clearActiveOrganization' && actor === 'eve'
    const takesPlace = changes && typeof expected === 'number' && !isIdle
    const scene = takesPlace ? await open() : await (untouched ??= open())
    const world = await worldOf(scene)
    expectAnswer(await ask(scene, actor, route), expected)
    const after = await worldOf(scene)
    if (takesPlace) expect(after).not.toEqual(world)
    else expect(after).toEqual(world)
  })
})
