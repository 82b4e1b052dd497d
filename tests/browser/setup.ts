import { join } from 'node:path'
import packed, { inflate } from '@sparticuz/chromium'
import type { TestProject } from 'vitest/node'
import { root } from '../../local/settings.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The browser that tests start: the one that CHROMIUM_PATH names, else the one from npm. */
    chromium: { path: string; libraries?: string }
  }
}

const parts = join(root, 'node_modules', '@sparticuz', 'chromium', 'bin')

/** Unpacks the browser once, before several workers would do it at the same time; and what it needs of a system. */
export default async function setup(project: TestProject): Promise<void> {
  const path = Deno.env.get('CHROMIUM_PATH')
  project.provide(
    'chromium',
    path === undefined
      ? { path: await packed.executablePath(), libraries: join(await inflate(join(parts, 'al2023.tar.br')), 'lib') }
      : { path },
  )
}
