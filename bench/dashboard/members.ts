import type { Page } from 'playwright-core'
import type postgres from 'postgres'
import { percentile, table } from '../statistics.ts'
import { scroll, toLongest, watchTasks } from './tasks.ts'

const rounds = 3
const frames = 300
const [wheel, bar] = [120, 2_000]
// A frame that took longer than one and a half of a screen's sixtieths was seen.
const late = 25

/** Brings so many people into an organization, past the API and the triggers, which would take longer. */
export async function crowd(sql: postgres.Sql, organization: string, count: number): Promise<void> {
  await sql`update organizations set subscription_tier = 'enterprise', subscription_status = 'active', max_users = 100000,
    trial_ends_at = null where id = ${organization}`
  await sql`alter table organization_users disable trigger user`
  await sql`with people as (
      insert into auth.users (id, email, email_confirmed_at, raw_user_meta_data)
      select gen_random_uuid(), format('person.%s.%s@crowd.test', n, ${organization}::text), now(),
        jsonb_build_object('full_name', format('Person %s', n))
      from generate_series(1, ${count}::int) as n
      returning id
    )
    insert into organization_users (organization_id, user_id, role, joined_at)
    select ${organization}, id, 'member', now() + row_number() over () * interval '1 second' from people`
  await sql`alter table organization_users enable trigger user`
}

/** What it is like to go through a list of members, beside a short one. */
export async function measureMembers(
  page: Page,
  { crowded, small }: { crowded: string; small: string },
  count: number,
): Promise<string> {
  const open = async (slug: string) => {
    await page.goto(`/o/${slug}/organization/members`)
    await page.getByRole('cell', { name: /^Person \d/ }).first().waitFor()
  }
  const requests: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'GET' && request.url().includes('/members?')) requests.push(request.url())
  })

  await open(crowded)
  const longestWhileLoading = await watchTasks(page)
  const start = performance.now()
  const all = page.locator(`table[aria-rowcount="${count + 2}"]`)
  while (await all.count() === 0) await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
  const loaded = {
    seconds: (performance.now() - start) / 1000,
    requests: requests.length,
    longest: await longestWhileLoading(),
  }

  // Where all of it has been read, of somebody at its end.
  requests.length = 0
  const changing = performance.now()
  await page.getByRole('button', { name: /^Actions for Person/ }).last().click()
  await page.getByRole('menuitem', { name: 'Change role' }).click()
  await page.getByRole('radio', { name: /^Manager/ }).check()
  await page.getByRole('button', { name: 'Change role' }).click()
  await page.getByText(/is manager now/).waitFor()
  const changed = { milliseconds: performance.now() - changing, requests: requests.length }

  const other = await page.context().newPage()
  await other.goto(`/o/${small}/organization/members`)
  await other.getByRole('cell', { name: /^Person \d/ }).first().waitFor()
  const cases = [
    { name: '20 members, as by the wheel (control)', page: other, step: wheel },
    { name: `${count.toLocaleString('en')} members, as by the wheel`, page, step: wheel },
    { name: `${count.toLocaleString('en')} members, as by dragging the bar`, page, step: bar },
  ].map((one) => ({ ...one, times: [] as number[], longest: 0 }))
  for (let round = 0; round < rounds; round++) {
    for (const one of cases) {
      await one.page.bringToFront()
      await one.page.evaluate(() => scrollTo(0, 0))
      const longest = await watchTasks(one.page)
      one.times.push(...await scroll(one.page, frames, one.step))
      one.longest = Math.max(one.longest, await longest())
    }
  }
  await other.close()
  return `${
    table(
      ['', 'frame, median', 'frame, 95th percentile', `frames over ${late} ms`, 'longest task'],
      cases.map(({ name, times, longest }) => [
        name,
        percentile(times, 0.5).toFixed(1),
        percentile(times, 0.95).toFixed(1),
        `${(times.filter((time) => time > late).length / times.length * 100).toFixed(1)} %`,
        toLongest(longest),
      ]),
    )
  }

All ${
    count.toLocaleString('en')
  } are read in ${loaded.requests} requests, one after the other as somebody scrolls, in ${
    loaded.seconds.toFixed(1)
  } s; the longest task meanwhile took ${
    loaded.longest.toFixed(0)
  } ms. A change of role at the far end, four clicks of a
script, took ${changed.milliseconds.toFixed(0)} ms until it was shown, and ${changed.requests} requests for the list.`
}
