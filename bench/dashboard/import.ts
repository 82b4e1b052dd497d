import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { OrganizationsClient } from '../../shared/client/index.ts'
import { table } from '../statistics.ts'
import { toLongest, watchTasks } from './tasks.ts'

const rows = 50_000
const perRequest = 1_000
const shown = rows.toLocaleString('en')

const lead = (n: number) => ({
  phone_number: `+1415${String(5_000_000 + n)}`,
  first_name: `First ${n}`,
  last_name: `Last ${n}`,
  email: `lead.${n}@import.test`,
  company: `Company ${n % 500}`,
  city: 'Springfield',
})

/** Bringing in a file of 50,000 leads by clicks, beside the same rows sent by a client without a page. */
export async function measureImport(page: Page, client: OrganizationsClient, to: { file: string; direct: string }) {
  const folder = await Deno.makeTempDir({ prefix: 'dial-smart-import-' })
  const file = join(folder, 'leads.csv')
  const leads = Array.from({ length: rows }, (_, n) => lead(n))
  const lines = [Object.keys(lead(0)), ...leads.map((one) => Object.values(one))].map((cells) => cells.join(','))
  await Deno.writeTextFile(file, `${lines.join('\n')}\n`)

  await page.goto(`/o/${to.file}/leads/import`)
  await page.getByLabel('File').waitFor()
  const longestReading = await watchTasks(page)
  const choosing = performance.now()
  await page.getByLabel('File').setInputFiles(file)
  const start = page.getByRole('button', { name: `Import ${shown} leads` })
  await start.waitFor()
  const reading = (performance.now() - choosing) / 1000
  const whileReading = await longestReading()
  const longestSending = await watchTasks(page)
  const starting = performance.now()
  await start.click()
  await page.getByText(`${shown} leads were added.`).waitFor({ timeout: 300_000 })
  const sending = (performance.now() - starting) / 1000
  const whileSending = await longestSending()
  await Deno.remove(folder, { recursive: true })

  const acting = client.withOrganization(to.direct)
  const sendingDirectly = performance.now()
  for (let n = 0; n < rows; n += perRequest) {
    const { error } = await acting.records.create('leads', leads.slice(n, n + perRequest), {
      idempotencyKey: crypto.randomUUID(),
    })
    if (error) throw error
  }
  const direct = (performance.now() - sendingDirectly) / 1000

  return table(['', 'seconds', 'rows a second', 'longest task, ms'], [
    ['choosing the file, until it can be imported', reading.toFixed(1), '', `${toLongest(whileReading)}, ≤ 200 wanted`],
    [
      'importing',
      sending.toFixed(1),
      `${Math.round(rows / sending).toLocaleString('en')}, ≥ 2,000 wanted`,
      `${toLongest(whileSending)}, ≤ 200 wanted`,
    ],
    ['the same rows from a script (control)', direct.toFixed(1), Math.round(rows / direct).toLocaleString('en'), ''],
  ])
}
