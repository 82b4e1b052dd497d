import { IssuedInvitation } from '../../../shared/contract/invitations.ts'
import { ask } from '../../database/support/ask.ts'
import { sql } from '../../database/support/database.ts'
import { type Person, type Stage, stage } from './cast.ts'
import type { Route } from './routes.ts'
import type { Algorithm } from './tokens.ts'

/** A stage on which every route has something to do: eve has an invitation to Acme. */
export interface Scene extends Stage {
  invitationId: string
  token: string
}

/** An invitation without its mail. */
export const invite = async (cast: Stage, host: Person, organization: string, email: string, role = 'member') =>
  IssuedInvitation.parse(
    await sql.begin((tx) => ask(tx, cast, host, (tx) => tx`create_invitation(${organization}, ${email}, ${role})`)),
  )

/** Brings the cast on stage and lets adam invite eve. */
export async function openScene(algorithm: Algorithm = 'ES256'): Promise<Scene> {
  const cast = await stage(algorithm)
  const { invitation, token } = await invite(cast, 'adam', cast.acme, cast.emails.eve)
  return { ...cast, invitationId: invitation.id, token }
}

const bodies: Record<string, (scene: Scene) => object> = {
  createOrganization: () => ({ name: 'Initech' }),
  updateOrganization: () => ({ name: 'Acme & Sons' }),
  changeMember: () => ({ role: 'manager' }),
  transferOwnership: ({ users }) => ({ user_id: users.mia }),
  exportAudit: () => ({ format: 'jsonl' }),
  createInvitationLink: () => ({ max_uses: 3 }),
  createInvitation: (scene) => ({ email: scene.address('new'), role: 'member' }),
  previewInvitation: ({ token }) => ({ token }),
  acceptInvitation: ({ token }) => ({ token }),
  declineInvitation: ({ token }) => ({ token }),
  setActiveOrganization: ({ acme }) => ({ organization_id: acme }),
  createRecords: () => ({ phone_number: '+15550100' }),
}

/** A body that a route takes. A route without an example here fails its tests: write one. */
export function bodyFor({ name, hasBody }: Route, scene: Scene): object | undefined {
  if (!hasBody) return undefined
  const body = bodies[name]
  if (!body) throw new Error(`There is no example body for ${name}.`)
  return body(scene)
}

/** The path of a route at Acme. */
export const pathFor = (
  { path }: Route,
  { acme, invitationId, users }: Pick<Scene, 'acme' | 'invitationId'> & { users: { mia: string } },
): string =>
  path.replace('{organization_id}', acme).replace('{invitation_id}', invitationId).replace('{user_id}', users.mia)
    .replace('{table}', 'leads')

/** Somebody whom a route serves. */
export const servedBy = ({ name }: Route): Person =>
  ['acceptInvitation', 'declineInvitation'].includes(name) ? 'eve' : 'alice'
