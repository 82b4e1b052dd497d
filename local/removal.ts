import { join } from 'node:path'
import { homeOf } from './database/account.ts'
import { Failure } from './failure.ts'
import { stopLeftovers } from './processes.ts'
import { lockDataDir, readState } from './state.ts'

/** What a start puts into the data folder: nothing else is touched, should the folder hold something of the user's. */
const contents = ['cli', 'database', 'keys.json', 'lock', 'logs', 'mails', 'state.json', 'state.json.new']

/** Stops the stack that uses a data folder, and what one that was killed left, and removes all of its data. */
export async function removeStack(dataDir: string, report: (line: string) => void): Promise<void> {
  const state = await readState(dataDir)
  let lock = lockDataDir(dataDir)
  if (!lock && state) {
    report('stopping the running stack …')
    Deno.kill(state.pid, 'SIGTERM')
    for (let waited = 0; !lock && waited < 15_000; waited += 100) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      lock = lockDataDir(dataDir)
    }
  }
  if (!lock) throw new Failure(`the stack that uses ${dataDir} does not stop: stop it first`)
  try {
    await stopLeftovers(await readState(dataDir))
    await Deno.remove(homeOf(dataDir), { recursive: true }).catch(ignoreMissing)
    for (const name of contents) await Deno.remove(join(dataDir, name), { recursive: true }).catch(ignoreMissing)
    await Deno.remove(dataDir)
  } finally {
    lock.close()
  }
  report(`removed ${dataDir}`)
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error
}
