import { removeData, startStack } from '../tests/stack/start.ts'
import { median, spread, table } from './statistics.ts'

const starts = 5

/** How long `npm start` takes on an installed clone, until everything serves. */
export async function measureStart(): Promise<string> {
  const first: number[] = []
  const again: number[] = []
  for (let round = 0; round < starts; round++) {
    const dataDir = await Deno.makeTempDir({ prefix: 'dial-smart-bench-' })
    // As `npm start` runs: with a database that waits for the disk.
    for (const times of [first, again]) {
      const start = performance.now()
      const stack = await startStack({ dataDir, fresh: true, env: { DIAL_SMART_DURABLE: 'yes' } })
      times.push((performance.now() - start) / 1000)
      await stack.stop()
    }
    await removeData(dataDir)
  }
  return `## Start

\`npm run bench -- start\`. From starting \`local/start.ts\`, which is what \`npm start\` runs, to "ready", ${starts} times
each, with a database that waits for the disk; seconds.

${
    table(['', 'median', 'range', 'wanted'], [
      ['first start: cluster, migrations, seed', median(first).toFixed(1), spread(first, 1), '≤ 20'],
      ['with data', median(again).toFixed(1), spread(again, 1), '≤ 8'],
    ])
  }`
}
