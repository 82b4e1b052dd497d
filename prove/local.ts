import { dataDirOf } from '../local/settings.ts'
import { lockDataDir, readState } from '../local/state.ts'
import { Failure } from '../local/failure.ts'
import { StartFailure, startStack } from '../tests/stack/start.ts'

/** Runs `work` with the database of the stack that runs here, or of a throwaway one when none does. */
export async function withLocalDatabase<T>(
  report: (line: string) => void,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const running = await runningDatabase()
  if (running !== undefined) return await work(running)
  report('no stack is running: proving a new one with all migrations …')
  const stack = await startStack({ seed: false }).catch((cause) => {
    if (!(cause instanceof StartFailure)) throw cause
    const reason = cause.output.split('\n').findLast((line) => line.startsWith('error: ')) ??
      cause.output.split('\n').at(-1)
    throw new Failure(`a throwaway stack did not start: ${reason?.replace(/^error: /, '')}`)
  })
  try {
    return await work(stack.status.DB_URL)
  } finally {
    await stack.stop()
  }
}

async function runningDatabase(): Promise<string | undefined> {
  const state = await readState(dataDirOf())
  if (!state) return undefined
  // What a stack that was killed left behind is not held by anybody.
  const lock = lockDataDir(dataDirOf())
  lock?.close()
  return lock ? undefined : state.status?.DB_URL
}
