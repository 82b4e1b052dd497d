import { join } from 'node:path'
import packed, { inflate } from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'
import { root } from '../../../local/settings.ts'

/** A browser to start, and the folder of what it needs of a system where that has not got it. */
export interface Chromium {
  path: string
  libraries?: string
}

const parts = join(root, 'node_modules', '@sparticuz', 'chromium', 'bin')

/** The browser that CHROMIUM_PATH names, else the one from npm, unpacked with what it needs of a system. */
export async function findChromium(): Promise<Chromium> {
  const path = Deno.env.get('CHROMIUM_PATH')
  if (path !== undefined) return { path }
  return {
    path: await packed.executablePath(),
    libraries: join(await inflate(join(parts, 'al2023.tar.br')), 'lib'),
  }
}

/** How the browser is started. */
export const launchOptions = ({ path, libraries }: Chromium) => ({
  executablePath: path,
  env: { ...Deno.env.toObject(), ...(libraries !== undefined && { LD_LIBRARY_PATH: libraries }) },
  // Root, as CI is, has no sandbox to put pages into.
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
})

export const launch = (found: Chromium): Promise<Browser> => chromium.launch(launchOptions(found))
