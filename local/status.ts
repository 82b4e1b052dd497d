import { Failure, runCommand } from './failure.ts'
import { dataDirOf } from './settings.ts'
import { lockDataDir, readState } from './state.ts'

// `npm run -s status`: URLs and keys of the running stack, as JSON.

await runCommand(async () => {
  const state = await readState(dataDirOf())
  if (!state) throw new Failure('not running: npm start')
  const lock = lockDataDir(dataDirOf())
  lock?.close()
  if (lock) throw new Failure('not running: npm start')
  if (!state.status) throw new Failure('still starting')
  console.log(JSON.stringify(state.status, null, 2))
})
