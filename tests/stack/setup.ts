import type { TestProject } from 'vitest/node'
import type { Status } from '../../local/state.ts'
import { startStack } from './start.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** URLs and keys of the stack that all tests of the run share: `inject('stack')`. */
    stack: Status
  }
}

/** One stack for all tests that need one; vitest calls it before the first and after the last of them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stack = await startStack()
  project.provide('stack', stack.status)
  return stack.stop
}
