import { exists } from './database/binaries.ts'
import { runCommand } from './failure.ts'
import { removeStack } from './removal.ts'
import { dataDirOf } from './settings.ts'

// `npm run reset`: stops the stack and removes its data; the next start begins anew.

await runCommand(async () => {
  const dataDir = dataDirOf()
  if (!await exists(dataDir)) return console.log('nothing to remove')
  await removeStack(dataDir, console.log)
})
