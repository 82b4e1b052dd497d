import { join } from 'node:path'
import { createServer } from 'vite'
import { Failure, runCommand } from '../failure.ts'
import { dataDirOf, root } from '../settings.ts'
import { lockDataDir, readState } from '../state.ts'

// `npm run dev`: the dashboard from its sources, which shows each change at once, against the running stack.

await runCommand(async () => {
  const dataDir = dataDirOf()
  const status = (await readState(dataDir))?.status
  const lock = lockDataDir(dataDir)
  lock?.close()
  if (lock || !status) throw new Failure('the stack is not running: npm start, in another terminal')

  const server = await createServer({
    root: join(root, 'web'),
    // The API under this server's own origin: functions answer pages of SITE_URL alone.
    server: {
      host: '127.0.0.1',
      proxy: Object.fromEntries(['/auth/v1', '/rest/v1', '/functions/v1'].map((path) => [path, status.API_URL])),
    },
    plugins: [{
      name: 'config.json',
      configureServer: ({ middlewares }) => {
        middlewares.use('/config.json', (request, response) => {
          const config = { api_url: `http://${request.headers.host}`, publishable_key: status.PUBLISHABLE_KEY }
          response.setHeader('content-type', 'application/json').end(JSON.stringify(config))
        })
      },
    }],
  })
  await server.listen()
  server.printUrls()
  await new Promise(() => {})
})
