import { openDatabase } from './database.ts'
import { claim, end, fail, say, scene, tally, Untrue } from './narrate.ts'
import { change, readLog } from './people.ts'
import { openApp, signUp } from './person.ts'
import { endIt, fillPlan, liveThrough } from './plans.ts'
import { accept, found, importLeads, invite, preview, refused, seeLeads, switchTo } from './scenes.ts'
import { findStack, type Stack } from './stack.ts'

// `npm run demo`: the main job over HTTP against the running stack, and an operator's at its database, with new people and companies each time.

async function play(stack: Stack): Promise<void> {
  const run = crypto.randomUUID().slice(0, 6)
  const hanna = openApp(stack, 'Hanna', `hanna.${run}@harbor.test`)
  const samir = openApp(stack, 'Samir', `samir.${run}@summit.test`)
  const leo = openApp(stack, 'Leo', `leo.${run}@freelance.test`)

  scene('Two people sign up')
  await signUp(stack, hanna)
  await signUp(stack, samir)

  scene('Each founds a company')
  const harbor = await found(hanna, `Harbor Realty ${run}`)
  const summit = await found(samir, `Summit Solar ${run}`)

  scene('Hanna invites Leo, who has no account yet')
  const harborToken = await invite(stack, hanna, harbor, leo, 'member')
  await preview(stack, leo, harborToken)
  await signUp(stack, leo)
  await accept(leo, harborToken, 'member')

  scene('Samir invites him too: one person, two companies, a role in each')
  await accept(leo, await invite(stack, samir, summit, leo, 'manager'), 'manager')
  await switchTo(leo, harbor)

  scene('Hanna brings in her lead list, in one request')
  const leads = await importLeads(hanna, harbor)

  scene('Who sees the leads: the same query for everyone')
  await seeLeads(hanna, 'in Harbor', leads)
  await seeLeads(leo, 'in Harbor', leads)
  await seeLeads(samir, 'in Summit', 0)
  await switchTo(leo, summit)
  await seeLeads(leo, 'in Summit', 0)
  say('A second tab of his can stay in Harbor: the header goes before the switch.')
  await seeLeads(leo, 'in Harbor', leads, harbor)
  say('Samir adds a lead of his own, so that there is something to see on his side.')
  const own = await samir.client.records.create('leads', { phone_number: '+12015550123', first_name: 'Zoe' })
  claim('stored', own.data?.count === 1)
  await seeLeads(samir, 'in Summit', 1)
  await seeLeads(leo, 'in Summit', 1)
  await seeLeads(hanna, 'in Harbor', leads)

  scene('Samir tries to get at Harbor')
  const intruder = samir.client.withOrganization(harbor.id)
  const lead = { phone_number: '+12015550199' }
  refused(await intruder.records.create('leads', lead), { status: 404, code: 'not_found' })
  refused(await samir.client.organizations.get(harbor.id), { status: 404, code: 'not_found' })
  say('A company that does not exist gets the same answer: Samir learns nothing.')
  refused(await samir.client.organizations.get(crypto.randomUUID()), { status: 404, code: 'not_found' })
  await seeLeads(samir, 'asking the Data API for Harbor', 0, harbor)
  await seeLeads(hanna, 'in Harbor', leads)

  scene('Leo tries what only managers may: adding a caller id')
  const callerId = { number: '+12015550111', friendly_name: 'Front desk' }
  const leoAtHarbor = leo.client.withOrganization(harbor.id)
  refused(await leoAtHarbor.records.create('phone_numbers', callerId), { status: 403, code: 'forbidden' })
  const kept = await hanna.supabase.from('phone_numbers').select('number')
  claim('and Harbor has no caller id more than before', kept.data?.length === 0)
  say('At Summit he is a manager, and it is active: no header, the same request.')
  const added = await leo.client.records.create('phone_numbers', callerId)
  claim('stored, for Summit', added.data?.records[0]?.organization_id === summit.id)

  scene('Leo rises at Harbor, and Hanna goes')
  await change(stack, harbor, { owner: hanna, member: leo, leads })

  scene('What Harbor keeps of it')
  await readLog(leo, harbor)

  const database = openDatabase(stack)
  scene('Summit’s trial runs out; it is suspended, and comes back')
  await liveThrough(stack, summit, { owner: samir, member: leo, database })

  scene('It reaches what its plan allows')
  await fillPlan(stack, summit, { owner: samir, manager: leo, database })

  scene('Samir closes Summit, and nothing of it is left')
  await endIt(summit, samir, database)
}

// supabase-js has errors that are plain objects, and empty ones for an answer to HEAD.
const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : `Refused: ${JSON.stringify(error)}`

try {
  await play(await findStack())
} catch (error) {
  fail(error instanceof Untrue ? `Not true: ${error.message}` : messageOf(error))
  Deno.exit(1)
}
end(`The story holds: ${tally()}.`)
Deno.exit(0)
