import type { TestProject } from 'vitest/node'
import { type Chromium, findChromium } from './support/chromium.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The browser that tests start: the one that CHROMIUM_PATH names, else the one from npm. */
    chromium: Chromium
  }
}

/** Unpacks the browser once, before several workers would do it at the same time. */
export default async function setup(project: TestProject): Promise<void> {
  project.provide('chromium', await findChromium())
}
