import type { ProblemCode } from '../../shared/problems.ts'
import { type Access, isAtLeast, type Role, roles, type TableAccess } from '../../shared/roles.ts'
import type { Actor, Answer, Command, Question } from './cells.ts'

/** Whether somebody of a role may do this to a row. */
export const allows = (access: Access, role: Role, own: boolean): boolean =>
  access.any !== 'nobody' && isAtLeast(role, access.any) ||
  own && access.own !== undefined && access.own !== 'nobody' && isAtLeast(role, access.own)

/** Whether there is anybody who may do this. */
export const isFor = (access: Access): boolean => access.any !== 'nobody' || (access.own ?? 'nobody') !== 'nobody'

/** The role in which a request acts, or what it is told where it acts in none. */
function standingOf(actor: Actor, header: boolean): Role | ProblemCode {
  if (isRole(actor)) return actor
  if (header) return 'not_found'
  return actor === 'stranger' ? 'owner' : 'organization_required'
}

/** Whether an actor's name is a role. */
export const isRole = (standing: string): standing is Role => roles.some((role) => role === standing)

const served: Record<Command, Answer> = {
  select: 'shown',
  insert: 'created',
  update: 'changed',
  delete: 'deleted',
  upsert: 'changed',
}

/** Whether nobody may use a command at all: it is not granted then, whoever asks. */
export function isClosed(access: TableAccess, { command, actor, blind }: Question): boolean {
  if (actor === 'service') return false
  if (actor === 'anonymous') return true
  const { read, create, update, delete: remove } = access
  const needed = { select: [], insert: [create], update: [update], delete: [remove], upsert: [create, update] }[command]
  // A filter and an upsert read as well.
  const reads = !blind && command !== 'insert'
  return ![...needed, ...(reads ? [read] : [])].every(isFor)
}

/** What the matrix says about one cell that is not closed. */
export function expect(
  { read, create, update, delete: remove }: TableAccess,
  question: Question,
  authored: boolean,
): Answer[] {
  const { command, actor, whose, header, blind } = question
  if (actor === 'service') return [command === 'upsert' && whose === 'new' ? 'created' : served[command]]
  const standing = standingOf(actor, header)
  if (!isRole(standing)) {
    if (command === 'select') return ['hidden']
    // Where a filter or an index on user_id finds no row first, the question where to act may not come up.
    if (command === 'update') return blind && update.any !== 'nobody' ? [standing] : [standing, 'untouched']
    if (command === 'delete') return blind && remove.any !== 'nobody' ? [standing] : [standing, 'untouched']
    return [standing]
  }

  const ours = whose !== 'foreign'
  const own = authored && (whose === 'own' || whose === 'new')
  const sees = ours && allows(read, standing, own)
  const creates = allows(create, standing, own)
  switch (command) {
    case 'select':
      return [sees ? 'shown' : 'hidden']
    case 'insert':
      return [whose === 'own' && creates ? 'created' : '42501']
    case 'update':
      return [ours && (blind || sees) && allows(update, standing, own) ? 'changed' : 'untouched']
    case 'delete':
      return [ours && (blind || sees) && allows(remove, standing, own) ? 'deleted' : 'untouched']
    case 'upsert':
      if (whose === 'new') return [creates && sees ? 'created' : '42501']
      return [creates && sees && allows(update, standing, own) ? 'changed' : '42501']
  }
}
