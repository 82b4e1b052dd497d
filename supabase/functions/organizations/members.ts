import { MemberAnswer, MemberChangedAnswer, MembersAnswer } from '../../../shared/contract/members.ts'
import { OrganizationAnswer } from '../../../shared/contract/organizations.ts'
import {
  changeMember,
  listMembers,
  reactivateMember,
  removeMember,
  suspendMember,
  transferOwnership,
} from '../../../shared/contract/routes/members.ts'
import { createRoutes } from '../_kit/app.ts'
import { withCaller } from '../_kit/door.ts'
import { must } from '../_kit/must.ts'

export const members = createRoutes()
  .openapi(withCaller(listMembers), async (c) => {
    const { organization_id } = c.req.valid('param')
    const { limit, cursor } = c.req.valid('query')
    const listed = await c.var.db.rpc('list_members', { organization_id, page_limit: limit, page_cursor: cursor })
    return c.json(must(listed, MembersAnswer), 200)
  })
  .openapi(withCaller(changeMember), async (c) => {
    const changed = await c.var.db.rpc('change_member', { ...c.req.valid('param'), ...c.req.valid('json') })
    return c.json(must(changed, MemberChangedAnswer), 200)
  })
  .openapi(withCaller(removeMember), async (c) => {
    const removed = await c.var.db.rpc('remove_member', c.req.valid('param'))
    return c.json(must(removed, MemberChangedAnswer), 200)
  })
  .openapi(withCaller(suspendMember), async (c) => {
    const suspended = await c.var.db.rpc('suspend_member', c.req.valid('param'))
    return c.json(must(suspended, MemberChangedAnswer), 200)
  })
  .openapi(withCaller(reactivateMember), async (c) => {
    const reactivated = await c.var.db.rpc('reactivate_member', c.req.valid('param'))
    return c.json(must(reactivated, MemberAnswer), 200)
  })
  .openapi(withCaller(transferOwnership), async (c) => {
    const transferred = await c.var.db.rpc('transfer_ownership', { ...c.req.valid('param'), ...c.req.valid('json') })
    return c.json(must(transferred, OrganizationAnswer), 200)
  })
