import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

// The components as a library: local/web/components.ts builds it, and says what belongs into the package beside it.
export default defineConfig({
  plugins: [react()],
  publicDir: false,
  build: {
    target: 'es2023',
    minify: false,
    emptyOutDir: true,
    lib: {
      entry: { index: here('components/index.ts'), client: here('../shared/client/index.ts') },
      formats: ['es'],
      fileName: (_format, name) => `${name}.js`,
    },
    rolldownOptions: {
      // Every package stays one that the app installs: it may have the same one itself.
      external: (id) => !/^[./\0]/.test(id),
      output: { chunkFileNames: '[name].js' },
    },
  },
})
