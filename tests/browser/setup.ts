import packed from '@sparticuz/chromium'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The browser that tests start: the one that CHROMIUM_PATH names, else the one from npm. */
    chromium: string
  }
}

/** Unpacks the browser once, before several workers would do it at the same time. */
export default async function setup(project: TestProject): Promise<void> {
  project.provide('chromium', Deno.env.get('CHROMIUM_PATH') ?? await packed.executablePath())
}
