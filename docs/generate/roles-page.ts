import { type Access, protectedTables, roles, type TableAccess, tableAccess } from '../../shared/roles.ts'
import { code, generatedFrom, page, table } from './markdown.ts'

const toCell = ({ any, own }: Access): string => {
  if (own === undefined) return any
  return any === 'nobody' ? `own: ${own}` : `own: ${own}; any: ${any}`
}

const toRow = (name: string, access: TableAccess): string[] => [
  code(name),
  toCell(access.read),
  toCell(access.create),
  toCell(access.update),
  toCell(access.delete),
]

/** docs/reference/roles.md: who may what. */
export const rolesPage = (): string =>
  page([
    '# Roles',
    generatedFrom('shared/roles.ts'),
    `A person has one role in each organization they belong to: ${
      roles.map(code).join(' > ')
    }. Whoever may do something is named by the weakest role that may; every stronger role may too. What a role may do ` +
    'with organizations, people and invitations is in [functions.md](functions.md).',
    '## Rows',
    'The policies of the database say exactly this, table by table. `own: member; any: manager` means: members the rows ' +
    'that carry their own `user_id`, managers every row of the organization. All of it within the organization the ' +
    'request acts in, and only while the caller is a member there.',
    table(
      ['table', 'read', 'create', 'change', 'delete'],
      protectedTables.map((name) => toRow(name, tableAccess[name])),
    ),
  ])
