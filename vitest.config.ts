import { defineConfig } from 'vitest/config'

const needStack = ['database', 'functions', 'laws']

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // The stack is busy too; but with one worker on two cores both would wait for each other.
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'stack',
          include: needStack.map((folder) => `tests/${folder}/**/*.test.ts`),
          globalSetup: ['tests/stack/setup.ts'],
        },
      },
      // Each of these starts stacks of its own and breaks them.
      { extends: true, test: { name: 'faults', include: ['tests/faults/**/*.test.ts'], testTimeout: 60_000 } },
    ],
  },
})
