import { parse } from 'csv-parse/sync'
import { z } from 'zod'

const Leads = z.array(z.record(z.string(), z.string()))

/** The leads of leads.csv, as rows of the table: what a lead does not say is left out. */
export async function readLeads(): Promise<Record<string, string>[]> {
  const text = await Deno.readTextFile(new URL('./leads.csv', import.meta.url))
  const rows = Leads.parse(parse(text, { columns: true }))
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '')))
}
