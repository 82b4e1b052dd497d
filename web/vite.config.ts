import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  plugins: [react()],
  resolve: {
    // The dashboard uses no Realtime, and Storage only when somebody uploads a logo; supabase-js would bring both along, and
    // zod what it writes JSON schemas with.
    alias: [
      // As apps write it who have the components as a package.
      { find: 'dial-smart-components', replacement: here('components/index.ts') },
      { find: '@supabase/realtime-js', replacement: here('app/without/realtime.ts') },
      // zod itself imports it by this path.
      { find: /^\.(\.\/core)?\/to-json-schema\.js$/, replacement: here('app/without/json-schema.ts') },
      { find: /^@supabase\/storage-js$/, replacement: here('app/without/storage.ts') },
    ],
  },
  build: {
    target: 'es2023',
    // The fallback that older browsers need is an inline script.
    modulePreload: { polyfill: false },
    // A data: URL would be refused by the Content-Security-Policy.
    assetsInlineLimit: 0,
    emptyOutDir: true,
    rolldownOptions: {
      input: [here('index.html'), here('examples.html')],
      // A page loads what it uses of the components, not all that their index names.
      treeshake: { moduleSideEffects: (id) => !/[/]web[/]components[/].*[.]tsx?$/.test(id) },
    },
  },
})
