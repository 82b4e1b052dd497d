import type { Organization } from '../shared/contract/organizations.ts'
import type { Quota } from '../shared/contract/quotas.ts'
import type { Database } from './database.ts'
import { claim, say, show } from './narrate.ts'
import type { Person } from './person.ts'
import { hears, refused, seeLeads } from './scenes.ts'
import type { Stack } from './stack.ts'

const call = { phone_number: '+12015550123' }

/** Fills a basic plan to its limits, and shows what one more is answered, whichever way it comes. */
export async function fillPlan(
  stack: Stack,
  organization: Organization,
  { owner, manager, database }: { owner: Person; manager: Person; database: Database },
): Promise<void> {
  const { data, error } = await owner.client.billing.plans()
  if (error) throw error
  const basic = data.plans.find(({ tier }) => tier === organization.subscription_tier)
  show(`${basic?.name}: ${basic?.max_campaigns} campaigns, ${basic?.monthly_call_limit} calls a month`)

  const campaigns = Array.from({ length: 10 }, (_, place) => ({ name: `Campaign ${place + 1}` }))
  const eleven = await manager.client.records.create('campaigns', [...campaigns, { name: 'One too many' }])
  refused(eleven, { status: 402, code: 'quota_exceeded' })
  const { quota, limit, used, requested, plan } = eleven.error?.quota ?? {}
  show(JSON.stringify({ quota, limit, used, requested, plan }))
  say('Refused whole: none of the eleven is there. Ten fit.')
  const ten = await manager.client.records.create('campaigns', campaigns)
  claim('ten are stored', ten.data?.count === 10)
  await hears(stack, owner, /has used 100 % of its campaigns/)
  const { error: byDataApi, status } = await manager.supabase.from('campaigns').insert({ name: 'By the Data API' })
  show(`${byDataApi?.message}`)
  claim('the Data API refuses the eleventh, too', status === 402)
  const bySql = await database.refused(
    'insert into campaigns (organization_id, name) values ($1, $2)',
    organization.id,
    'By SQL',
  )
  show(bySql)
  claim('and so does SQL, to the database owner', bySql.includes('10 campaigns'))
  await database.run(
    `update campaigns set status = 'archived' where organization_id = $1 and name = $2`,
    organization.id,
    'Campaign 1',
  )
  const again = await manager.client.records.create('campaigns', { name: 'In its place' })
  claim('what is archived makes room', again.data?.count === 1)

  say('Caller ids and seats end alike.')
  const left = async (name: Quota): Promise<number> => {
    const { data, error } = await owner.client.usage.get(organization.id)
    if (error) throw error
    const { limit, used } = data.quotas.find(({ quota }) => quota === name)!
    return limit! - used
  }
  const numbers = Array.from({ length: await left('phone_numbers') + 1 }, (_, n) => ({ number: `+1201555020${n}` }))
  refused(await manager.client.records.create('phone_numbers', numbers), { status: 402, code: 'quota_exceeded' })
  const fitting = await manager.client.records.create('phone_numbers', numbers.slice(1))
  claim('caller ids to the last one', fitting.data?.count === numbers.length - 1)
  const invite = (n: number) =>
    owner.client.invitations.create(organization.id, { email: `colleague.${n}@summit.test`, role: 'member' })
  const seats = await left('users')
  for (let n = 1; n <= seats; n++) claim(`seat ${n} of ${seats} is kept`, (await invite(n)).error === null)
  refused(await invite(seats + 1), { status: 402, code: 'quota_exceeded' })

  say(`A month's calls in one request, and one more.`)
  const calls = await manager.client.records.create('call_logs', Array.from({ length: 1_000 }, () => call))
  claim('1,000 calls are stored', calls.data?.count === 1_000)
  const next = await manager.client.records.create('call_logs', call)
  refused(next, { status: 402, code: 'quota_exceeded' })
  claim('which says when the next month begins', typeof next.error?.quota?.resets_at === 'string')
  const usage = await owner.client.usage.get(organization.id)
  if (usage.error) throw usage.error
  show(usage.data.quotas.map(({ quota, used, limit }) => `${quota} ${used}/${limit}`).join(', '))
  const drift = await database.run('select * from tenancy.recount($1)', organization.id)
  claim('a recount finds every counter right', drift.length === 0)
}

/** Lets a trial run out, suspends and reactivates: who reads and writes when. */
export async function liveThrough(
  stack: Stack,
  organization: Organization,
  { owner, member, database }: { owner: Person; member: Person; database: Database },
): Promise<void> {
  const write = () => member.client.records.create('leads', { phone_number: '+12015550124' })
  const statusOf = async () =>
    (await owner.client.organizations.get(organization.id)).data?.organization.subscription_status

  say('The clock is moved to the end of the trial, and the job runs that runs each minute.')
  await database.run('update organizations set trial_ends_at = now() where id = $1', organization.id)
  await database.run('select tenancy.advance_organizations()')
  claim('the organization is past due', await statusOf() === 'past_due')
  await hears(stack, owner, /is now past due/)
  claim('and still works', (await write()).data?.count === 1)

  say('The operator suspends it.')
  await database.run(`update organizations set subscription_status = 'suspended' where id = $1`, organization.id)
  refused(await write(), { status: 403, code: 'organization_suspended' })
  await seeLeads(member, 'suspended, but reading', 2)
  await database.run(`update organizations set subscription_status = 'active' where id = $1`, organization.id)
  claim('active again: the next request writes', (await write()).data?.count === 1)
  await seeLeads(member, 'and finds all that was there', 3)
}

/** Deletes, restores, deletes again and purges an organization, and proves that nothing of it is left. */
export async function endIt(organization: Organization, owner: Person, database: Database): Promise<void> {
  const deleted = await owner.client.organizations.delete(organization.id)
  claim('deleted', typeof deleted.data?.organization.deleted_at === 'string')
  await seeLeads(owner, 'of what was deleted', 0, organization)
  claim('restored as it was', (await owner.client.organizations.restore(organization.id)).error === null)
  await seeLeads(owner, 'restored', 3, organization)
  claim('and deleted for good', (await owner.client.organizations.delete(organization.id)).error === null)

  say('30 days later a job purges it. An operator need not wait.')
  await purged(database, organization)
  const [record] = await database.run(
    'select removed from tenancy.deletion_records where organization_id = $1',
    organization.id,
  )
  show(JSON.stringify(record?.removed))
  const proof = await database.run('select * from tenancy.verify_deletion($1)', organization.id)
  claim(`nothing is left in any of the ${proof.length} places where something could be`, proof.every(({ ok }) => ok))
  refused(await owner.client.organizations.restore(organization.id), { status: 404, code: 'not_found' })
}

/** Calls until it is done: the end waits for whoever began something before. */
async function purged(database: Database, { id }: Organization): Promise<void> {
  for (let round = 0; round < 30; round++) {
    const [row] = await database.run('select tenancy.purge_organization($1) as done', id)
    if (row?.done) return
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error('The purge takes longer than 15 seconds: some transaction of this server does not end.')
}
