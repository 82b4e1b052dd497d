import { join } from 'node:path'
import { homeOf } from './database/account.ts'
import { exists } from './database/binaries.ts'
import { Failure, runCommand } from './failure.ts'
import { stopLeftovers } from './processes.ts'
import { dataDirOf } from './settings.ts'
import { lockDataDir, readState } from './state.ts'

// `npm run reset`: stops the stack and removes its data; the next start begins anew.

/** What a start puts into the data folder: nothing else is touched, should the folder hold something of the user's. */
const contents = ['cli', 'database', 'keys.json', 'lock', 'logs', 'mails', 'state.json', 'state.json.new']

await runCommand(async () => {
  const dataDir = dataDirOf()
  if (!await exists(dataDir)) return console.log('nothing to remove')
  const state = await readState(dataDir)
  let lock = lockDataDir(dataDir)
  if (!lock && state) {
    console.log('stopping the running stack …')
    Deno.kill(state.pid, 'SIGTERM')
    for (let waited = 0; !lock && waited < 15_000; waited += 100) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      lock = lockDataDir(dataDir)
    }
  }
  if (!lock) throw new Failure(`the stack that uses ${dataDir} does not stop: stop it first`)
  await stopLeftovers(await readState(dataDir))
  await Deno.remove(homeOf(dataDir), { recursive: true }).catch(ignoreMissing)
  for (const name of contents) await Deno.remove(join(dataDir, name), { recursive: true }).catch(ignoreMissing)
  await Deno.remove(dataDir)
  console.log(`removed ${dataDir}`)
})

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error
}
