import { z } from 'zod'

/** What this build is told where it is served: one build works against any deployment. */
const Config = z.object({ api_url: z.url(), publishable_key: z.string().startsWith('sb_publishable_') })
export type Config = z.infer<typeof Config>

/** Reads `/config.json`, which the page has asked for already. */
export async function readConfig(): Promise<Config> {
  const response = await fetch('/config.json')
  return Config.parse(await response.json())
}
