import { join } from 'node:path'
import autocannon from 'autocannon'
import { parse } from 'csv-parse/sync'
import { startStack } from '../tests/stack/start.ts'
import { median, spread, table } from './statistics.ts'
import { createWriter } from './writer.ts'

const rounds = 6
const seconds = 4
const bulks = 30

/** Stamped inserts through `records` beside the same inserts straight through PostgREST, interleaved. */
export async function measureRecords(): Promise<string> {
  const stack = await startStack()
  try {
    const headers = await createWriter(stack.status)
    const ways = {
      postgrest: { url: `${stack.status.REST_URL}/leads`, headers: { ...headers, prefer: 'return=representation' } },
      records: { url: `${stack.status.FUNCTIONS_URL}/records/leads`, headers },
    }
    const leads = parse(await Deno.readTextFile(join(import.meta.dirname!, '..', 'demo', 'leads.csv')), {
      columns: true,
    })
    const one = JSON.stringify(leads[0])
    const thousand = JSON.stringify(leads)

    const single = { postgrest: [] as number[], records: [] as number[] }
    for (let round = -1; round < rounds; round++) {
      for (const way of ['postgrest', 'records'] as const) {
        const result = await autocannon({ ...ways[way], method: 'POST', body: one, connections: 8, duration: seconds })
        if (result.non2xx + result.errors > 0) {
          throw new Error(`${way}: ${result.non2xx} refused, ${result.errors} failed`)
        }
        // The first round warms up.
        if (round >= 0) single[way].push(result.requests.average)
      }
    }

    const bulk = { postgrest: [] as number[], records: [] as number[] }
    for (let round = -3; round < bulks; round++) {
      for (const way of ['postgrest', 'records'] as const) {
        const start = performance.now()
        const answer = await fetch(ways[way].url, { method: 'POST', headers: ways[way].headers, body: thousand })
        await answer.arrayBuffer()
        if (answer.status !== 201) throw new Error(`${way}: ${answer.status}`)
        if (round >= 0) bulk[way].push(performance.now() - start)
      }
    }

    const ratios = single.records.map((value, round) => value / single.postgrest[round]!)
    const bulkRatios = bulk.records.map((value, round) => value / bulk.postgrest[round]!)
    return `## Stamped inserts

\`npm run bench -- records\`. One lead a request from 8 connections: ${rounds} rounds of ${seconds} s each way, interleaved, after one to warm
up; requests/s. 1,000 leads in one request: ${bulks} times each way, interleaved; milliseconds. Median (range). The database
doesn't wait for the disk, so that the disk doesn't hide what the code costs.

${
      table(['', 'PostgREST (control)', '`records`', 'ratio'], [
        [
          'one lead, requests/s',
          `${median(single.postgrest).toFixed(0)} (${spread(single.postgrest, 0)})`,
          `${median(single.records).toFixed(0)} (${spread(single.records, 0)})`,
          `${median(ratios).toFixed(2)} (${spread(ratios, 2)}), ≥ 0.5 wanted`,
        ],
        [
          '1,000 leads, ms',
          `${median(bulk.postgrest).toFixed(0)} (${spread(bulk.postgrest, 0)})`,
          `${median(bulk.records).toFixed(0)} (${spread(bulk.records, 0)})`,
          `${median(bulkRatios).toFixed(2)} (${spread(bulkRatios, 2)}), ≤ 1.5 wanted`,
        ],
      ])
    }`
  } finally {
    await stack.stop()
  }
}
