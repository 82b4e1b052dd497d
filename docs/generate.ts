import { join } from 'node:path'
import { root } from '../local/settings.ts'
import { startStack } from '../tests/stack/start.ts'
import { generateFiles } from './generate/files.ts'

// `npm run generate`: writes everything that follows from something else. The database is a throwaway one with all
// migrations, so that it does not matter what runs, or what has been tried out in it.

const stack = await startStack({ seed: false, without: ['auth', 'mail', 'relay', 'web'] })
try {
  for (const [path, text] of Object.entries(await generateFiles(stack.status.DB_URL))) {
    const before = await Deno.readTextFile(join(root, path)).catch(() => undefined)
    if (before !== text) await Deno.writeTextFile(join(root, path), text)
    console.log(`${before === text ? 'unchanged' : 'written  '} ${path}`)
  }
} finally {
  await stack.stop()
}
Deno.exit(0)
