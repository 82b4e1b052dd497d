import type { Masked } from './masked.ts'
import { placeholder, type Template } from './template.ts'

/** What earlier requests made, by table: names of ids, of tokens and of cursors, the same in both worlds. */
export type Made = Map<string, string[]>

/** The thing that `made:leads:2` means now; while nothing was made, the row that was there from the start. */
export function lookUp(made: Made, name: string): string {
  const [kind = '', ...rest] = name.split(':')
  const table = kind === 'made' ? rest[0] ?? '' : kind
  const all = rest[0] === 'unknown' ? [] : made.get(table) ?? []
  const meant = all[all.length - 1 - Number(rest.at(-1)) % Math.max(all.length, 1)]
  if (meant !== undefined) return meant
  if (kind === 'made') return table === 'organizations' ? 'org:acme' : `own:${table}`
  return kind === 'token' && rest[0] !== 'unknown' ? 'token:first' : `${kind}:unknown`
}

const bracketed = /^<([^<>]+)>/

/** Notes what a request made, for those that come after it. */
export function remember(template: Template, { status, body }: Masked, made: Made): void {
  if (status >= 300) return
  const add = (table: string, name: unknown) => {
    const found = typeof name === 'string' ? bracketed.exec(name)?.[1] : undefined
    if (found === undefined) return
    const all = made.get(table) ?? []
    if (!all.includes(found)) made.set(table, [...all, found])
  }
  const table = template.path.match(/^\/(?:records\/)?([a-z_]+)/)?.[1] ?? ''
  if (['POST', 'PUT'].includes(template.method)) {
    for (const [, name = ''] of (template.body ?? '').matchAll(placeholder)) {
      if (name.startsWith('new:')) add(table, `<${name}>`)
    }
  }
  const answer = parse(body)
  const isTable = template.api === 'rest' && !template.path.startsWith('/rpc/')
  for (const row of [isTable ? answer : undefined, property(answer, 'records')].flat()) add(table, property(row, 'id'))
  add('cursor', property(answer, 'next_cursor'))
  if (template.method === 'GET') return
  add('organizations', property(property(answer, 'organization'), 'id'))
  add('organization_invitations', property(property(answer, 'invitation'), 'id'))
  add('organization_domains', property(property(answer, 'domain'), 'id'))
  add('lead_fields', property(property(answer, 'field'), 'id'))
  add('join_requests', property(property(answer, 'request'), 'id'))
  add('token', property(answer, 'token'))
}

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
