import lighthouse, { desktopConfig, type Flags, type Result } from 'lighthouse'
import { median, table } from '../statistics.ts'

/** A page, and under which address. */
export interface JudgedPage {
  name: string
  url: string
}

/** How often a page is looked at in each of two ways. */
export const rounds = Deno.env.get('BENCH_SIZE') === 'small' ? 1 : 3

/** In which circumstances: on this machine as it is; as Lighthouse takes a desktop; as it takes a slow phone. */
const ways = {
  here: { rounds, settings: { throttlingMethod: 'provided' }, config: desktopConfig },
  // What is simulated needs no longer silence to be known.
  desktop: { rounds, settings: { networkQuietThresholdMs: 1000 }, config: desktopConfig },
  phone: { rounds: 1, settings: { networkQuietThresholdMs: 1000 }, config: undefined },
} as const
type Way = keyof typeof ways

const categories = ['performance', 'accessibility', 'best-practices'] as const

/** One look of Lighthouse at a page that is loaded anew, with nothing kept of it. */
async function judge({ url }: JudgedPage, port: number, way: Way): Promise<Result> {
  const { settings, config } = ways[way]
  const flags = { port, logLevel: 'error', onlyCategories: [...categories], ...settings } satisfies Flags
  const { lhr } = await lighthouse(url, flags, config) ?? {}
  if (!lhr || lhr.runtimeError) throw new Error(`${url} can't be judged: ${lhr?.runtimeError?.message ?? 'no result'}`)
  if (lhr.finalDisplayedUrl !== url) throw new Error(`${url} leads to ${lhr.finalDisplayedUrl}`)
  for (const { title, score, displayValue } of Object.values(lhr.audits)) {
    if (displayValue && score !== null && score < 0.9) console.log(`  ${url}, ${way}: ${title} ${displayValue}`)
  }
  return lhr
}

const scoreOf = (results: Result[], category: typeof categories[number]): string =>
  Math.round(median(results.map(({ categories }) => (categories[category]?.score ?? 0) * 100))).toFixed(0)

const timeOf = (results: Result[], audit: string): string =>
  Math.round(median(results.map(({ audits }) => audits[audit]?.numericValue ?? NaN))).toLocaleString('en')

/** What Lighthouse says of pages, as rows of a table: how good they are, and how soon they can be used. */
export async function judgePages(pages: JudgedPage[], port: number): Promise<string[][]> {
  const rows: string[][] = []
  for (const page of pages) {
    const results: Record<Way, Result[]> = { here: [], desktop: [], phone: [] }
    for (const way of ['here', 'desktop', 'phone'] as const) {
      while (results[way].length < ways[way].rounds) results[way].push(await judge(page, port, way))
    }
    const { here, desktop, phone } = results
    const row = [
      page.name,
      scoreOf(desktop, 'performance'),
      scoreOf(desktop, 'accessibility'),
      scoreOf(desktop, 'best-practices'),
      timeOf(here, 'first-contentful-paint'),
      timeOf(here, 'largest-contentful-paint'),
      timeOf(here, 'interactive'),
      timeOf(here, 'total-blocking-time'),
      scoreOf(phone, 'performance'),
    ]
    console.log(`  ${row.join(', ')}`)
    rows.push(row)
  }
  return rows
}

export const judgedTable = (rows: string[][]): string =>
  table([
    'page',
    'performance',
    'accessibility',
    'best practices',
    'first paint, ms',
    'largest paint, ms',
    'interactive, ms',
    'blocked, ms',
    'performance, phone',
  ], rows)
