import { join, resolve } from 'node:path'
import { build } from 'vite'
import { Failure, runCommand } from '../failure.ts'
import { root } from '../settings.ts'

// `npm run build:components`: the components and the typed client as a package, for apps beside this one. A folder after
// `--` says where to; without it, web/dist-components.

const out = resolve(Deno.args[0] ?? join(root, 'web', 'dist-components'))

/** Of these an app and the components must have the same one: they share what it keeps. */
const shared = ['@base-ui/react', '@supabase/supabase-js', '@tanstack/react-query', 'react', 'react-dom']
/** These come along. */
const own = ['@hookform/resolvers', '@tanstack/react-virtual', 'react-hook-form', 'react-is', 'recharts', 'zod']

interface Package {
  version: string
  license: string
  dependencies: Record<string, string>
}

const versions = ({ dependencies }: Package, names: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `^${dependencies[name]}`]))

await runCommand(async () => {
  const source: Package = JSON.parse(await Deno.readTextFile(join(root, 'package.json')))
  await build({
    configFile: join(root, 'web', 'components.vite.ts'),
    root: join(root, 'web'),
    logLevel: 'warn',
    build: { outDir: out },
  })
  const { success, stdout } = await new Deno.Command(join(root, 'node_modules', '.bin', 'tsc'), {
    args: ['-p', join(root, 'web', 'tsconfig.library.json'), '--outDir', join(out, 'types')],
  }).output()
  if (!success) throw new Failure(`no types: ${new TextDecoder().decode(stdout)}`)
  await Deno.copyFile(join(root, 'web', 'components', 'styles.css'), join(out, 'styles.css'))
  await Deno.copyFile(join(root, 'LICENSE'), join(out, 'LICENSE'))
  await Deno.writeTextFile(
    join(out, 'package.json'),
    JSON.stringify(
      {
        name: 'dial-smart-components',
        version: source.version,
        description: 'React components and hooks for organizations, and the typed client that they work through',
        license: source.license,
        type: 'module',
        sideEffects: ['*.css'],
        exports: {
          '.': { types: './types/web/components/index.d.ts', default: './index.js' },
          './client': { types: './types/shared/client/index.d.ts', default: './client.js' },
          './styles.css': './styles.css',
          './package.json': './package.json',
        },
        peerDependencies: versions(source, shared),
        dependencies: versions(source, own),
      },
      null,
      2,
    ) + '\n',
  )
  console.log(`built ${out}`)
})
