import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../local/settings.ts'

// The components as the package that `npm run build:components` makes of them: put where npm puts packages, then typed,
// imported and rendered by an app that has nothing else of this repository.

const app = join(root, 'node_modules', '.tests', `app-${crypto.randomUUID().slice(0, 8)}`)
const folder = join(app, 'node_modules', 'dial-smart-components')

const run = async (command: string, args: string[]) => {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, cwd: app }).output()
  return { success, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) }
}
const tsc = (...args: string[]) => run(join(root, 'node_modules', '.bin', 'tsc'), args)

const source = `
import { QueryClientProvider } from '@tanstack/react-query'
import {
  createQueryClient,
  CreateOrganization,
  OrganizationProfile,
  OrganizationSection,
  OrganizationsProvider,
  OrganizationSwitcher,
  useCan,
  useMembers,
} from 'dial-smart-components'
import { createOrganizationsClient, ProblemError, type Supabase } from 'dial-smart-components/client'
import { renderToString } from 'react-dom/server'

const supabase: Supabase = {
  functions: { invoke: () => Promise.reject(new Error('A server asks for nothing here.')) },
}
const client = createOrganizationsClient(supabase)

function Allowed() {
  const mayInvite: boolean = useCan('createInvitation')
  const names: (string | null)[] | undefined = useMembers().members?.map(({ full_name }) => full_name)
  return <output>{String(mayInvite) + ', ' + (names?.length ?? 'none yet')}</output>
}

export const rendered: string = renderToString(
  <QueryClientProvider client={createQueryClient()}>
    <OrganizationsProvider client={client} person={{ id: crypto.randomUUID(), email: 'mia@acme.test' }} organizationId='acme'>
      <OrganizationSwitcher onSelect={({ slug }) => slug.toUpperCase()} onCreate={() => {}} />
      <CreateOrganization onCreated={({ id }) => id.length} />
      <OrganizationProfile section='members' onSectionChange={() => {}} />
      <OrganizationSection section='usage' />
      <Allowed />
    </OrganizationsProvider>
  </QueryClientProvider>,
)
export const codeOf = (error: unknown): string | undefined => error instanceof ProblemError ? error.code : undefined

// Types that took anything would take these.
// @ts-expect-error there is no such section
void (<OrganizationSection section='secrets' />)
// @ts-expect-error nothing of that name can be allowed
export const never = () => useCan('readMinds')
// @ts-expect-error a slug is a text
void (<OrganizationSwitcher onSelect={({ slug }) => slug.toFixed()} />)
// @ts-expect-error a role has to be one of the four
export const invited = () => client.invitations.create('acme', { email: 'a@b.test', role: 'king' })
`

const tsconfig = (moduleResolution: string, more: object) =>
  JSON.stringify({
    compilerOptions: {
      target: 'es2023',
      module: moduleResolution === 'nodenext' ? 'nodenext' : 'esnext',
      moduleResolution,
      lib: ['es2023', 'dom', 'dom.iterable'],
      jsx: 'react-jsx',
      strict: true,
      types: [],
      skipLibCheck: true,
      ...more,
    },
    files: ['app.tsx'],
  })

beforeAll(async () => {
  await Deno.mkdir(app, { recursive: true })
  const built = await run(Deno.execPath(), [
    'run',
    '-A',
    '--no-lock',
    '--cached-only',
    join(root, 'local', 'web', 'components.ts'),
    folder,
  ])
  if (!built.success) throw new Error(built.said)
  await Deno.writeTextFile(join(app, 'package.json'), '{ "type": "module" }')
  await Deno.writeTextFile(join(app, 'app.tsx'), source)
})
afterAll(() => Deno.remove(app, { recursive: true }))

async function filesUnder(path: string): Promise<string[]> {
  const found: string[] = []
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    found.push(...(isDirectory ? await filesUnder(join(path, name)) : [join(path, name)]))
  }
  return found
}

/** What a built file imports; `lazy`: when it is needed. */
const importsOf = (text: string) => ({
  at_once: [
    ...text.matchAll(/(?:^|[;}\s])(?:import|export)\s[^'"()]*?from\s*["']([^"']+)["']|^import\s*["']([^"']+)["']/gm),
  ]
    .map(([, from, bare]) => from ?? bare ?? ''),
  lazy: [...text.matchAll(/\bimport\(\s*["']([^"']+)["']\s*\)/g)].map(([, from]) => from ?? ''),
})

describe('the package of components', () => {
  it('names every package that its files import, and has every file that it exports', async () => {
    const { exports, dependencies, peerDependencies } = JSON.parse(
      await Deno.readTextFile(join(folder, 'package.json')),
    )
    const targets = Object.values(exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : Object.values(Object(entry))
    )
    expect(targets).toHaveLength(6)
    for (const target of targets) expect((await Deno.stat(join(folder, String(target)))).isFile).toBe(true)
    const files = (await filesUnder(folder)).filter((path) => /[.](js|d[.]ts)$/.test(path))
    const imported = new Set<string>()
    for (const path of files) {
      const { at_once, lazy } = importsOf(await Deno.readTextFile(path))
      for (const from of [...at_once, ...lazy].filter((from) => !from.startsWith('.'))) {
        imported.add(from.split('/').slice(0, from.startsWith('@') ? 2 : 1).join('/'))
      }
    }
    expect(imported).toContain('recharts')
    const named = Object.keys({ ...dependencies, ...peerDependencies })
    expect([...imported].filter((name) => !named.includes(name))).toEqual([])
  })

  it('loads the chart library only when somebody looks at a chart', async () => {
    const reached = new Set<string>()
    const follow = async (name: string): Promise<void> => {
      if (reached.has(name)) return
      reached.add(name)
      if (!name.startsWith('./')) return
      const { at_once } = importsOf(await Deno.readTextFile(join(folder, name)))
      for (const from of at_once) await follow(from)
    }
    await follow('./index.js')
    expect(reached).toContain('@tanstack/react-query')
    expect([...reached].filter((name) => name.startsWith('recharts'))).toEqual([])
  })

  it.each(['bundler', 'nodenext'])(
    'has types that an app is checked against, resolved as by %s',
    async (resolution) => {
      await Deno.writeTextFile(join(app, 'tsconfig.json'), tsconfig(resolution, { noEmit: true }))
      expect(await tsc('-p', app)).toEqual({ success: true, said: '' })
    },
  )

  it('renders on a server what an app imports', async () => {
    await Deno.writeTextFile(join(app, 'tsconfig.json'), tsconfig('bundler', { outDir: join(app, 'out') }))
    expect(await tsc('-p', app)).toEqual({ success: true, said: '' })
    const { rendered } = await import(pathToFileURL(join(app, 'out', 'app.js')).href)
    expect(rendered).toContain('Choose an organization')
    expect(rendered).toContain('Create organization')
    expect(rendered).toContain('<output>false, none yet</output>')
  })
})
